/**
 * The mesh: one link to each peer of the room, and the port through which the replica sends. Knows who is in the room
 * and which links there are; how a link lives is link.ts, how the room is known is rendezvous.ts.
 */
import type { LinkWish, Priority, ReplicaId, Transport, TransportEvents } from '@unanimous/core'
import { fullAllowance, refilled, taken, type Allowance } from './backoff.ts'
import { Doubts } from './doubts.ts'
import type { MeshFrame } from './framing.ts'
import { Link } from './link.ts'
import { LinkKeeper } from './link-wish.ts'
import { infoOf, type LinkInfo } from './link-info.ts'
import { parseSignal, writeSignal, type LinkSignal, type SessionId } from './link-signal.ts'
import type { RoomEvent } from './link-state.ts'
import { MeshPost } from './mesh-post.ts'
import type { MeshParts } from './mesh-parts.ts'
import type { MeshProblem } from './mesh-problem.ts'
import { MeshSecrets, type SecretRing, type Standing } from './mesh-secrets.ts'
import { Observers } from './observers.ts'
import { RendezvousClient, type Rendezvous } from './rendezvous.ts'

/** All links of this peer in one room. Ends by `close` or `closeNow`, and then stays ended. */
export interface Mesh extends Transport {
  /** Connects to the signaling servers. Before or after `start`; a second call does nothing. */
  open(): void
  rendezvous(): Rendezvous
  /** One for each peer in the room or linked with, sorted by peer. The same array until something changes. */
  links(): readonly LinkInfo[]
  /** Peer connections made so far: Chrome allows 500 in the life of a process. */
  connectionsMade(): number
  /** Goes by other secrets from here on: peers that are behind are told if they may be; if not, their links are closed. */
  rekey(ring: SecretRing): void
  /** The page was resumed, or the network came back: asks every link and server whether it lives, retries the others. */
  probe(): void
  /** `listener` is called, once a turn at most, when something in `rendezvous()` or `links()` has changed. */
  subscribe(listener: () => void): () => void
  /** As `closeNow`, but waits up to a second until what was queued has left. */
  close(): Promise<void>
}

/** Until when `close` waits, and how often it looks. */
const closeMsMax = 1000
const closeLookMs = 20

export class WebRtcMesh implements Mesh {
  readonly #parts: MeshParts
  readonly #self: ReplicaId
  readonly #session: SessionId
  readonly #secrets: MeshSecrets
  readonly #rendezvous: RendezvousClient
  readonly #links = new Map<ReplicaId, Link>()
  readonly #post: MeshPost
  readonly #keeper: LinkKeeper
  /** By which way the current signals of a peer go: those of one generation keep to one, and so their order. */
  readonly #ways = new Map<ReplicaId, 'server' | 'members' | 'both'>()
  readonly #observers: Observers
  #events: TransportEvents | undefined
  /** Links that the replica was told are up. */
  readonly #announced = new Set<ReplicaId>()
  readonly #crowdedOut = new Set<ReplicaId>()
  readonly #doubts: Doubts
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
    this.#secrets = new MeshSecrets({ ...parts, self, groupKey: identity.groupKey })
    this.#allowance = fullAllowance(this.#allowanceBounds(), timers.now())
    this.#observers = new Observers((cause) => this.#report({ type: 'callback-threw', cause }))
    const suspect = (peer: ReplicaId): void => this.#guarded(() => parts.suspect(peer))
    this.#doubts = new Doubts({ links: this.#links, limits, timers, suspect })
    this.#post = this.#postOf(self)
    this.#keeper = new LinkKeeper({ links: this.#links, timers })
    this.#rendezvous = new RendezvousClient(
      { urls, room, self, limits, timers, random, openSocket },
      {
        onRoom: (peer, event) => this.#onServerRoom(peer, event),
        onSignal: (from, data) => this.#onSignal(from, data, 'server'),
        onChange: () => this.#changed(),
        report: (problem) => this.#report(problem),
      },
    )
  }

  #postOf(self: ReplicaId): MeshPost {
    return new MeshPost({
      self,
      now: () => this.#parts.timers.now(),
      neighbours: () =>
        [...this.#links].flatMap(([peer, link]) => (link.isUp() ? [peer] : [])).sort(),
      say: (to, frame) => this.#sayThrough(to, frame),
      onSignal: (from, sealed) => this.#onSignal(from, sealed, 'member'),
      onReach: (peer, reached) => {
        // What a server says goes before: it knows pages that have no link yet, and those that left.
        if (!this.#rendezvous.lists(peer)) this.#onRoom(peer, reached ? 'present' : 'unreachable')
      },
    })
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

  prefer(wish: LinkWish | undefined): void {
    if (!this.#closed) this.#keeper.wish(wish)
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

  rekey(ring: SecretRing): void {
    if (this.#closed) return
    this.#secrets.turn(ring)
    for (const [peer, link] of [...this.#links]) {
      const standing = this.#tell(peer)
      // Who could not be understood until now may be.
      if (standing === undefined && link.snapshot().refusal !== undefined) link.probe()
      if (standing === 'shut') link.cut()
    }
  }

  /** The group's secret, if it is behind; undefined: there is no link. */
  #tell(peer: ReplicaId): Standing | undefined {
    const link = this.#links.get(peer)
    if (link?.isUp() !== true) return undefined
    const standing = this.#secrets.standing(peer, link.proven)
    const text = standing === 'behind' ? this.#secrets.tells(peer) : undefined
    if (text !== undefined) this.#sayThrough(peer, { kind: 'secret', text })
    return standing
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
    this.#doubts.clear()
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
    link?.room(event, !this.#keeper.wants(peer))
    this.#forgetIfIdle(peer)
    this.#keeper.look()
  }

  #onServerRoom(peer: ReplicaId, event: RoomEvent): void {
    const lost = event === 'absent' || event === 'unreachable'
    if (event === 'absent') this.#doubts.raise(peer)
    // While members still have links with it, only its socket is gone, or it is just dying. The link itself knows best.
    if (!lost || !this.#post.reaches(peer)) this.#onRoom(peer, event)
  }

  #sayThrough(to: ReplicaId, frame: MeshFrame): void {
    const say = (): boolean => {
      this.#links.get(to)?.say(frame)
      return true
    }
    const { gate } = this.#parts
    if (gate === undefined) say()
    else gate.let('out', to, say)
  }

  #onMeshFrame(from: ReplicaId, frame: MeshFrame): void {
    const receive = (): boolean => {
      if (this.#closed || this.#links.get(from)?.isUp() !== true) return true
      if (frame.kind !== 'secret') this.#post.received(from, frame)
      else this.#guarded(() => this.#parts.onSecret(from, frame.text))
      return true
    }
    const { gate } = this.#parts
    if (gate === undefined) receive()
    else gate.let('in', from, receive)
  }

  #sendSignal(to: ReplicaId, signal: LinkSignal, route: number | 'reply'): void {
    const isFirst = signal.type === 'call' || signal.signal.type !== 'candidate'
    const known = isFirst ? undefined : this.#ways.get(to)
    const way = known ?? wayOf(this.#rendezvous.lists(to), this.#post.reaches(to))
    this.#ways.set(to, way)
    const sealed = this.#secrets.seal(to, writeSignal(signal))
    if (way !== 'server') this.#post.send(to, sealed)
    if (way !== 'members') this.#rendezvous.signal(to, sealed, route)
  }

  #onSignal(from: ReplicaId, data: string, by: 'server' | 'member'): void {
    if (this.#closed) return
    const opened = this.#secrets.open(from, data)
    if (!opened.ok) {
      if (opened.why === 'repeated') return
      this.#report({ type: 'signal-refused', peer: from })
      // A member that spoils what it carries is no word of the peer.
      if (by === 'server') this.#links.get(from)?.unreadable()
      return
    }
    const signal = parseSignal(opened.text)
    if (signal === undefined) return this.#report({ type: 'signal-refused', peer: from })
    const link = this.#links.get(from)
    // What was said to it with another key it could not read: it is said again.
    if (opened.turned) link?.room('rejoined', !this.#keeper.wants(from))
    link?.signal(signal)
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
      secrets: this.#secrets.with(peer),
      mayConnect: () =>
        refilled(this.#allowance, this.#allowanceBounds(), timers.now()).permits >= 1,
      connectionsMade: () => this.#connectionsMade,
      openChannel: (initiator, events) => {
        const { windowLowBytes: lowBytes } = limits
        this.#connectionsMade += 1
        this.#allowance =
          taken(this.#allowance, this.#allowanceBounds(), timers.now()) ?? this.#allowance
        return openChannel({ peer, initiator, ice: ice(), lowBytes }, events)
      },
      signal: (signal, route) => this.#sendSignal(peer, signal, route),
      onMeshFrame: (frame) => this.#onMeshFrame(peer, frame),
      onUp: () => {
        this.#tell(peer)
        this.#post.changed()
        this.#announce(peer)
        queueMicrotask(() => this.#keeper.look())
      },
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
    this.#post.gone(peer)
    this.#secrets.lost(peer)
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
    this.#ways.delete(peer)
    this.#secrets.forget(peer)
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

/** With both, both: the first copy counts, and neither a server nor a member that is broken without knowing it costs time. */
const wayOf = (listed: boolean, reached: boolean): 'server' | 'members' | 'both' =>
  reached ? (listed ? 'both' : 'members') : 'server'
