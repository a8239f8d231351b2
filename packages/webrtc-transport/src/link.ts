/**
 * One supervised link: runs the transition of link-step.ts, and owns what it speaks of: the channel, the queues, the
 * timer. Knows neither the room nor who else is in the mesh.
 */
import type { Priority, ReplicaId } from '@unanimous/core'
import { createChannelWriter, type ChannelWriter } from './channel-writer.ts'
import { nonceBytes, parsePacket, type Frame, type MeshFrame } from './framing.ts'
import type { LinkChannel, LinkChannelEvents } from './link-channel.ts'
import { LinkHandshake } from './link-handshake.ts'
import type { LinkSnapshot } from './link-info.ts'
import type { LinkSignal } from './link-signal.ts'
import {
  connectionOf,
  newLink,
  wakeAt,
  type LinkConfig,
  type LinkEffect,
  type LinkInput,
  type LinkState,
  type Moment,
  type RoomEvent,
} from './link-state.ts'
import { stepLink } from './link-step.ts'
import type { MeshProblem } from './mesh-problem.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { createReassembly, owned, type Reassembly } from './reassembly.ts'
import { createRoundTrips, type RoundTrips } from './round-trip.ts'
import { RouteWatch } from './route-watch.ts'
import type { LinkPorts } from './link-ports.ts'

/** The things of one generation; gone with it. */
interface Live {
  readonly channel: LinkChannel
  readonly writer: ChannelWriter
  readonly reassembly: Reassembly
  readonly roundTrips: RoundTrips
  readonly handshake: LinkHandshake
  readonly ways: RouteWatch
}

type ChannelEffect = Extract<
  LinkEffect,
  { type: 'feed' | 'hello' | 'prove' | 'ping' | 'frame' | 'destroy' }
>

type DropWhy = Extract<MeshProblem, { type: 'frames-dropped' }>['why']

export class Link {
  readonly #config: LinkConfig
  readonly #ports: LinkPorts
  readonly #outbox: Outbox
  readonly #inputs: LinkInput[] = []
  #state: LinkState
  #live: Live | undefined
  #heardAt: number
  #droppedFrames = 0
  #dropReported: DropWhy | undefined
  #running = false
  #closed = false
  #timer: { readonly at: number; readonly cancel: () => void } | undefined

  /** `generationsUsed`: see `newLink`. Does nothing until the room says something. */
  constructor(config: LinkConfig, ports: LinkPorts, generationsUsed: number) {
    this.#config = config
    this.#ports = ports
    this.#outbox = createOutbox(config.limits)
    this.#heardAt = ports.timers.now()
    this.#state = newLink(config, this.#heardAt, generationsUsed)
  }

  /** `quiet`: nobody needs a link with the peer now. */
  room(event: RoomEvent, quiet = false): void {
    this.#dispatch({ type: 'room', event, quiet })
  }

  rest(): void {
    this.#dispatch({ type: 'rest' })
  }

  wake(): void {
    this.#dispatch({ type: 'wake' })
  }

  signal(signal: LinkSignal): void {
    this.#dispatch({ type: 'signal', signal })
  }

  /** A server passed on something in the peer's name that we cannot open. */
  unreadable(): void {
    this.#dispatch({ type: 'unreadable' })
  }

  /** Asks an open link whether it lives, and shortens the wait of one that is down. */
  probe(): void {
    this.#dispatch({ type: 'probe' })
  }

  /** False: not up, too large, or the queue is full. */
  send(bytes: Uint8Array, priority: Priority): boolean {
    if (this.#live === undefined || !this.isUp()) return false
    if (bytes.length > this.#config.limits.messageBytesMax) return this.#drop('too-large')
    if (this.#outbox.bytes() === 0) this.#dropReported = undefined
    if (!this.#outbox.push(bytes, priority)) return this.#drop('queue-full')
    this.#live.writer.queued()
    return true
  }

  /** Says this to the mesh at the other end, if the link is up and its channel not full. */
  say(frame: MeshFrame): void {
    if (this.isUp()) this.#live?.writer.frame(frame)
  }

  isUp(): boolean {
    return this.#state.phase.state === 'open'
  }

  /** The key by which the peer proved itself; undefined before. */
  get proven(): Uint8Array | undefined {
    return this.#live?.handshake.proven
  }

  /** Its peer knows no secret any more by which links may be. */
  cut(): void {
    this.#dispatch({ type: 'cut' })
  }

  /** Whether it waits for nothing that could happen but the room or the peer. */
  isIdle(): boolean {
    return !this.#state.reachable && this.#state.phase.state === 'waiting'
  }

  snapshot(): LinkSnapshot {
    const { phase, generation, failures, refusal, since } = this.#state
    return {
      phase,
      generation,
      failures,
      refusal,
      since,
      rttMs: this.#live?.roundTrips.rttMs(),
      route: this.#live?.ways.route,
      bufferedBytes: this.#outbox.bytes() + (this.#live?.writer.bufferedBytes() ?? 0),
      droppedFrames: this.#droppedFrames,
    }
  }

  /** Sends what is queued, says good-bye and ends, with no further callback. Synchronous. */
  closeNow(): void {
    if (this.#closed) return
    this.#closed = true
    this.#schedule()
    if (this.isUp()) this.#live?.writer.finish({ kind: 'bye', reason: 'leaving' })
    this.#destroy()
  }

  /** Effects may cause inputs; those wait until the effects before them are done. */
  #dispatch(input: LinkInput): void {
    if (this.#closed) return
    this.#inputs.push(input)
    if (this.#running) return
    this.#running = true
    for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
      this.#step(next)
    }
    this.#running = false
    this.#schedule()
  }

  #step(input: LinkInput): void {
    const before = this.#state.phase.state
    const { state, effects } = stepLink(this.#state, input, this.#moment())
    this.#state = state
    for (const effect of effects) {
      if (!this.#closed) this.#perform(effect)
    }
    if (before !== state.phase.state) this.#ports.onChange()
  }

  #moment(): Moment {
    return {
      now: this.#ports.timers.now(),
      random: this.#ports.random(),
      mayConnect: this.#ports.mayConnect(),
      connectionsMade: this.#ports.connectionsMade(),
      heardAt: this.#heardAt,
      rttMs: this.#live?.roundTrips.rttMs(),
    }
  }

  #schedule(): void {
    const at = this.#closed ? undefined : wakeAt(this.#state)
    if (at === this.#timer?.at) return
    this.#timer?.cancel()
    this.#timer = undefined
    if (at === undefined) return
    const { timers } = this.#ports
    const cancel = timers.after(Math.max(0, at - timers.now()), () => {
      this.#timer = undefined
      // The event that says so may have been missed while the page slept.
      this.#live?.writer.drained()
      this.#dispatch({ type: 'tick' })
    })
    this.#timer = { at, cancel }
  }

  #perform(effect: LinkEffect): void {
    switch (effect.type) {
      case 'connect':
        this.#connect(effect.initiator)
        return
      case 'signal':
        this.#ports.signal(effect.signal, this.#state.failures)
        return
      case 'up':
        this.#ports.onUp()
        void this.#live?.ways.ask()
        return
      case 'down':
        this.#ports.onDown()
        return
      case 'report':
        this.#ports.report(effect.problem)
        return
      case 'feed':
      case 'hello':
      case 'prove':
      case 'ping':
      case 'frame':
      case 'destroy':
        if (this.#live !== undefined) this.#performOn(this.#live, effect)
        return
    }
  }

  #performOn(live: Live, effect: ChannelEffect): void {
    switch (effect.type) {
      case 'feed':
        live.handshake.describedByPeer(effect.signal)
        live.channel.signal(effect.signal)
        return
      case 'hello':
        live.writer.frame(live.handshake.hello())
        return
      case 'prove': {
        const mac = live.handshake.proof()
        if (mac !== undefined) live.writer.frame({ kind: 'proof', mac })
        return
      }
      case 'ping':
        live.writer.frame({ kind: 'ping', number: live.roundTrips.ping(this.#ports.timers.now()) })
        return
      case 'frame':
        live.writer.frame(effect.frame)
        return
      case 'destroy':
        this.#destroy()
        return
    }
  }

  #connect(initiator: boolean): void {
    const { limits } = this.#config
    this.#heardAt = this.#ports.timers.now()
    try {
      // What comes from a channel that was given up is not ours any more.
      const isOurs = (): boolean => this.#live !== undefined && this.#live.channel === channel
      const channel = this.#ports.openChannel(initiator, this.#channelEvents(isOurs))
      const onFailed = (detail: string): void => {
        if (isOurs()) this.#dispatch({ type: 'channel-ended', why: 'send-failed', detail })
      }
      this.#live = {
        channel,
        writer: createChannelWriter(channel, this.#outbox, limits, onFailed),
        reassembly: createReassembly(limits),
        roundTrips: createRoundTrips(),
        handshake: new LinkHandshake({
          identity: this.#ports.identity,
          wireVersion: this.#config.wireVersion,
          role: this.#state.role,
          nonce: this.#ports.randomBytes(nonceBytes),
          secrets: this.#ports.secrets,
        }),
        ways: new RouteWatch(channel, () => {
          if (isOurs()) this.#ports.onChange()
        }),
      }
    } catch (error) {
      this.#dispatch({ type: 'channel-ended', why: 'channel-failed', detail: String(error) })
    }
  }

  #channelEvents(isOurs: () => boolean): LinkChannelEvents {
    return {
      onSignal: (signal) => {
        const connection = connectionOf(this.#state)
        if (!isOurs() || connection === undefined) return
        this.#live?.handshake.describedByUs(signal)
        const { session } = this.#config
        const { failures, role, addressee: to } = this.#state
        // What the answerer says goes back by the way that the offer came.
        const route = role === 'dialer' ? failures : 'reply'
        this.#ports.signal({ type: 'channel', session, to, connection, signal }, route)
      },
      onOpen: () => {
        if (isOurs()) this.#dispatch({ type: 'channel-open' })
      },
      onPacket: (packet) => {
        if (isOurs()) this.#receive(packet)
      },
      onDrained: () => {
        if (!isOurs()) return
        this.#live?.writer.drained()
        this.#ports.onChange()
      },
      onEnded: (detail) => {
        if (isOurs()) this.#dispatch({ type: 'channel-ended', why: 'channel-failed', detail })
      },
    }
  }

  #destroy(): void {
    this.#live?.writer.stop()
    this.#live?.channel.close()
    this.#live = undefined
    // What was queued for this generation ends with it: its reader may be another page by now.
    this.#outbox.clear()
  }

  #receive(packet: Uint8Array): void {
    const live = this.#live
    this.#heardAt = this.#ports.timers.now()
    const parsed = parsePacket(packet)
    if (!parsed.ok) {
      this.#dispatch({ type: 'garbage', why: parsed.why })
      return
    }
    for (const frame of parsed.frames) {
      // The frame before may have ended the link.
      if (live === undefined || this.#live !== live) return
      this.#onFrame(frame, live)
    }
  }

  #onFrame(frame: Frame, live: Live): void {
    switch (frame.kind) {
      case 'whole':
        this.#deliver(owned(frame.bytes))
        return
      case 'part': {
        const gathered = live.reassembly.gather(frame)
        if (!gathered.ok) this.#dispatch({ type: 'garbage', why: gathered.why })
        else if (gathered.message !== undefined) this.#deliver(gathered.message)
        return
      }
      case 'ping':
        if (this.isUp()) live.writer.frame({ kind: 'pong', number: frame.number })
        return
      case 'pong':
        live.roundTrips.pong(frame.number, this.#ports.timers.now())
        live.ways.answered()
        this.#ports.onChange()
        return
      case 'hello': {
        const { wireVersion } = frame
        const self: ReplicaId = live.handshake.greeted(frame)
        this.#dispatch({ type: 'hello', wireVersion, self })
        return
      }
      case 'proof':
        this.#dispatch({ type: 'proof', right: live.handshake.isRight(frame.mac) })
        return
      case 'bye':
        this.#dispatch({ type: 'bye', reason: frame.reason })
        return
      case 'relay':
      case 'peers':
      case 'secret':
        if (this.isUp()) this.#ports.onMeshFrame(frame)
        return
    }
  }

  #deliver(message: Uint8Array): void {
    if (!this.isUp() || !this.#ports.onMessage(message)) this.#drop('before-up')
  }

  #drop(why: DropWhy): false {
    this.#droppedFrames += 1
    this.#ports.onChange()
    if (this.#dropReported !== why) {
      this.#dropReported = why
      const { peer } = this.#config
      this.#ports.report({ type: 'frames-dropped', peer, why, dropped: this.#droppedFrames })
    }
    return false
  }
}
