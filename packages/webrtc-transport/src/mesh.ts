/**
 * The mesh: one link to each peer of the room, and the port through which the replica sends. Knows who is in the room
 * and which links there are; how a link lives is link.ts, how the room is known is rendezvous.ts.
 */
import type { Priority, ReplicaId, Transport, TransportEvents } from '@unanimous/core'
import { fullAllowance, refilled, taken, type Allowance } from './backoff.ts'
import type { FaultGate } from './fault-gate.ts'
import { Link, type LinkSnapshot } from './link.ts'
import type { LinkIdentity } from './link-identity.ts'
import type { OpenLinkChannel } from './link-channel.ts'
import { parseSignal, writeSignal, type SessionId } from './link-signal.ts'
import type { LinkPhase, RoomEvent } from './link-state.ts'
import type { MeshLimits } from './limits.ts'
import type { MeshProblem, Refusal } from './mesh-problem.ts'
import { Observers } from './observers.ts'
import { RendezvousClient, type Rendezvous } from './rendezvous.ts'
import { SignalSeal } from './signal-seal.ts'
import type { OpenTextSocket } from './text-socket.ts'
import type { Timers } from './timers.ts'

/** One link as it was when it was asked for. */
export interface LinkInfo {
  readonly peer: ReplicaId
  /** `signaling`: descriptions are exchanged. `opening`: the channel opens. `waiting`: for a retry, the room or for good. */
  readonly state: LinkPhase['state']
  /** Counts the peer connections of this link; another one means that the link was replaced. */
  readonly generation: number
  /** Failures in a row. */
  readonly attempt: number
  /** Smoothed round trip, in milliseconds; absent before the first answer. */
  readonly rttMs?: number
  /** What waits in our queues and in the channel. */
  readonly bufferedBytes: number
  /** Messages that were refused or thrown away because of a limit, since the link is known. */
  readonly droppedFrames: number
  /** When the state became what it is, in milliseconds of the monotonic clock (`performance.now`). */
  readonly since: number
  /** Why the link will stay down until one of its ends is another page. */
  readonly refused?: Refusal
}

/** All links of this peer in one room. Ends by `close` or `closeNow`, and then stays ended. */
export interface Mesh extends Transport {
  /** Connects to the signaling servers. Before or after `start`; a second call does nothing. */
  open(): void
  rendezvous(): Rendezvous
  /** One for each peer in the room or linked with, sorted by peer. The same array until something changes. */
  links(): readonly LinkInfo[]
  /** Peer connections made so far: Chrome allows 500 in the life of a process. */
  connectionsMade(): number
  /** The page was resumed, or the network came back: asks every link and server whether it lives, retries the others. */
  probe(): void
  /** `listener` is called, once a turn at most, when something in `rendezvous()` or `links()` has changed. */
  subscribe(listener: () => void): () => void
  /** As `closeNow`, but waits up to a second until what was queued has left. */
  close(): Promise<void>
}

/** Everything of `MeshOptions`, decided, and the platform. */
export interface MeshParts {
  readonly identity: LinkIdentity
  readonly room: string
  readonly signal: readonly string[]
  readonly ice: RTCConfiguration
  readonly limits: MeshLimits
  readonly wireVersion: number
  readonly report: (problem: MeshProblem) => void
  /** In [0, 1); for jitter. */
  readonly random: () => number
  readonly drawNonce: () => string
  /** Cryptographically strong. */
  readonly randomBytes: (length: number) => Uint8Array
  readonly timers: Timers
  readonly openChannel: OpenLinkChannel
  readonly openSocket: OpenTextSocket
  /** Through which whole messages pass, if troubles are made on purpose. */
  readonly gate: FaultGate | undefined
}

/** Until when `close` waits, and how often it looks. */
const closeMsMax = 1000
const closeLookMs = 20

export class WebRtcMesh implements Mesh {
  readonly #parts: MeshParts
  readonly #self: ReplicaId
  readonly #session: SessionId
  readonly #seal: SignalSeal
  readonly #rendezvous: RendezvousClient
  readonly #links = new Map<ReplicaId, Link>()
  readonly #observers: Observers
  #events: TransportEvents | undefined
  /** Links that the replica was told are up. */
  readonly #announced = new Set<ReplicaId>()
  readonly #crowdedOut = new Set<ReplicaId>()
  #infos: readonly LinkInfo[] | undefined
  #generationsUsed = 0
  #allowance: Allowance
  #connectionsMade = 0
  #opened = false
  #closed = false

  constructor(parts: MeshParts) {
    const { signal: urls, room, identity, limits, timers, random, openSocket } = parts
    const self = identity.idOf(identity.keys.publicKey)
    this.#parts = parts
    this.#self = self
    this.#session = parts.drawNonce()
    const { groupKey } = identity
    this.#seal = new SignalSeal({ self, room, groupKey, randomBytes: parts.randomBytes })
    this.#allowance = fullAllowance(this.#allowanceBounds(), timers.now())
    this.#observers = new Observers((cause) => this.#report({ type: 'callback-threw', cause }))
    this.#rendezvous = new RendezvousClient(
      { urls, room, self, limits, timers, random, openSocket },
      {
        onRoom: (peer, event) => this.#onRoom(peer, event),
        onSignal: (from, data) => this.#onSignal(from, data),
        onChange: () => this.#changed(),
        report: (problem) => this.#report(problem),
      },
    )
  }

  start(events: TransportEvents): void {
    this.#events = events
    // Links may have come up before anybody asked.
    for (const [peer, link] of this.#links) {
      queueMicrotask(() => {
        if (this.#links.get(peer) === link && link.isUp()) this.#announce(peer)
      })
    }
  }

  open(): void {
    if (this.#opened || this.#closed) return
    this.#opened = true
    this.#rendezvous.open()
  }

  send(to: ReplicaId, bytes: Uint8Array, priority: Priority): boolean {
    const { gate } = this.#parts
    const send = (): boolean => this.#links.get(to)?.send(bytes, priority) ?? false
    if (gate === undefined || this.#links.get(to)?.isUp() !== true) return send()
    return gate.let('out', to, send)
  }

  rendezvous(): Rendezvous {
    return this.#rendezvous.snapshot()
  }

  links(): readonly LinkInfo[] {
    this.#infos ??= [...this.#links]
      .map(([peer, link]) => infoOf(peer, link.snapshot()))
      .sort((a, b) => (a.peer < b.peer ? -1 : 1))
    return this.#infos
  }

  connectionsMade(): number {
    return this.#connectionsMade
  }

  probe(): void {
    if (this.#closed) return
    this.#rendezvous.probe()
    for (const link of this.#links.values()) link.probe()
  }

  subscribe(listener: () => void): () => void {
    return this.#observers.subscribe(listener)
  }

  closeNow(): void {
    if (this.#closed) return
    this.#closed = true
    for (const link of this.#links.values()) link.closeNow()
    this.#links.clear()
    this.#announced.clear()
    this.#rendezvous.close()
    this.#infos = undefined
    this.#observers.changed()
  }

  async close(): Promise<void> {
    const { timers } = this.#parts
    const until = timers.now() + closeMsMax
    while (!this.#closed && timers.now() < until && this.#pending()) {
      await new Promise<void>((resolve) => void timers.after(closeLookMs, resolve))
    }
    this.closeNow()
  }

  #pending(): boolean {
    return [...this.#links.values()].some((link) => link.snapshot().bufferedBytes > 0)
  }

  #onRoom(peer: ReplicaId, event: RoomEvent): void {
    if (this.#closed) return
    const listed = event === 'present' || event === 'rejoined'
    if (!listed) this.#crowdedOut.delete(peer)
    const link = this.#links.get(peer) ?? (listed ? this.#added(peer) : undefined)
    link?.room(event)
    this.#forgetIfIdle(peer)
  }

  #onSignal(from: ReplicaId, data: string): void {
    if (this.#closed) return
    const opened = this.#seal.open(from, data)
    if (!opened.ok) {
      if (opened.why === 'repeated') return
      this.#report({ type: 'signal-refused', peer: from })
      this.#links.get(from)?.unreadable()
      return
    }
    const signal = parseSignal(opened.text)
    if (signal === undefined) this.#report({ type: 'signal-refused', peer: from })
    else this.#links.get(from)?.signal(signal)
  }

  #added(peer: ReplicaId): Link | undefined {
    const { wireVersion, limits } = this.#parts
    const self = this.#self
    if (this.#links.size >= limits.linksMax) {
      if (!this.#crowdedOut.has(peer)) {
        this.#crowdedOut.add(peer)
        this.#report({ type: 'too-many-peers', peer })
      }
      return undefined
    }
    const config = { self, peer, session: this.#session, wireVersion, limits }
    const link = new Link(config, this.#portsOf(peer), this.#generationsUsed)
    this.#links.set(peer, link)
    this.#changed()
    return link
  }

  #portsOf(peer: ReplicaId): ConstructorParameters<typeof Link>[1] {
    const { timers, random, randomBytes, identity, ice, limits, openChannel } = this.#parts
    return {
      timers,
      random,
      randomBytes,
      identity,
      mayConnect: () =>
        refilled(this.#allowance, this.#allowanceBounds(), timers.now()).permits >= 1,
      connectionsMade: () => this.#connectionsMade,
      openChannel: (initiator, events) => {
        const { windowLowBytes: lowBytes } = limits
        this.#connectionsMade += 1
        this.#allowance =
          taken(this.#allowance, this.#allowanceBounds(), timers.now()) ?? this.#allowance
        return openChannel({ peer, initiator, ice, lowBytes }, events)
      },
      signal: (signal, route) => {
        this.#rendezvous.signal(peer, this.#seal.seal(peer, writeSignal(signal)), route)
      },
      onUp: () => this.#announce(peer),
      onDown: () => this.#onDown(peer),
      onMessage: (bytes) => {
        const { gate } = this.#parts
        const deliver = (): boolean => this.#deliver(peer, bytes)
        return gate === undefined ? deliver() : gate.let('in', peer, deliver)
      },
      onChange: () => this.#changed(),
      report: (problem) => this.#report(problem),
    }
  }

  #announce(peer: ReplicaId): void {
    const events = this.#events
    if (events === undefined || this.#announced.has(peer)) return
    this.#announced.add(peer)
    this.#guarded(() => events.onLink(peer, 'up'))
  }

  #onDown(peer: ReplicaId): void {
    const events = this.#events
    if (events !== undefined && this.#announced.delete(peer)) {
      this.#guarded(() => events.onLink(peer, 'down'))
    }
    // Not now: the link is in the middle of a step.
    queueMicrotask(() => this.#forgetIfIdle(peer))
  }

  #deliver(peer: ReplicaId, bytes: Uint8Array): boolean {
    const events = this.#events
    if (events === undefined || !this.#announced.has(peer)) return false
    this.#guarded(() => events.onMessage(peer, bytes))
    return true
  }

  /** A link of which neither room nor channel knows anything is not kept. */
  #forgetIfIdle(peer: ReplicaId): void {
    const link = this.#links.get(peer)
    if (link?.isIdle() !== true) return
    this.#generationsUsed = Math.max(this.#generationsUsed, link.snapshot().generation)
    link.closeNow()
    this.#links.delete(peer)
    this.#changed()
    const [next] = this.#crowdedOut
    if (next === undefined) return
    this.#crowdedOut.delete(next)
    this.#onRoom(next, 'present')
  }

  #allowanceBounds(): { readonly burst: number; readonly everyMs: number } {
    const { connectionsBurst, connectionEveryMs } = this.#parts.limits
    return { burst: connectionsBurst, everyMs: connectionEveryMs }
  }

  #changed(): void {
    this.#infos = undefined
    this.#observers.changed()
  }

  #guarded(call: () => void): void {
    try {
      call()
    } catch (cause) {
      this.#report({ type: 'callback-threw', cause })
    }
  }

  #report(problem: MeshProblem): void {
    try {
      this.#parts.report(problem)
    } catch (error) {
      // Nobody is left to tell but the platform; the mesh goes on.
      queueMicrotask(() => {
        throw error
      })
    }
  }
}

function infoOf(peer: ReplicaId, link: LinkSnapshot): LinkInfo {
  const { refusal } = link
  return {
    peer,
    state: link.phase.state,
    generation: link.generation,
    attempt: link.failures,
    bufferedBytes: link.bufferedBytes,
    droppedFrames: link.droppedFrames,
    since: link.since,
    ...(link.rttMs === undefined ? {} : { rttMs: link.rttMs }),
    ...(refusal === undefined ? {} : { refused: refusal }),
  }
}
