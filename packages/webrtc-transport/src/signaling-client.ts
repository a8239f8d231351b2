/**
 * One signaling server as this peer sees it: dials, joins, comes back. Knows what the server says about the room, neither
 * the other servers nor what the signals mean. Whatever the server does, nothing throws and no link is touched.
 */
import type { ReplicaId } from '@unanimous/core'
import {
  encodeClientMessage,
  parseServerMessage,
  peerId,
  reconnectAdvice,
  roomName,
  signalDataFits,
  signalingVersion,
  type ClientMessage,
  type ErrorCode,
  type ErrorMessage,
  type LeaveReason,
  type ServerMessage,
} from '@unanimous/signaling-protocol'
import {
  fullAllowance,
  retryDelayMs,
  taken,
  type Allowance,
  type AllowanceBounds,
} from './backoff.ts'
import type { MeshLimits } from './limits.ts'
import type { ServerFault } from './mesh-problem.ts'
import type { OpenTextSocket, TextSocket } from './text-socket.ts'
import type { Timers } from './timers.ts'

export interface SignalingEvents {
  onJoined(peers: readonly ReplicaId[]): void
  onPeerJoined(peer: ReplicaId): void
  onPeerLeft(peer: ReplicaId, why: LeaveReason): void
  onSignal(from: ReplicaId, data: string): void
  /** The server is not there any more, or was not; `status` says what comes next. */
  onGone(): void
  onFault(why: ServerFault, code?: ErrorCode, detail?: string): void
}

/** `dialling` until it first joined or failed; `away` between attempts from then on. */
export type SignalingStatus = 'idle' | 'dialling' | 'joined' | 'away' | 'given-up'

export interface SignalingOptions {
  readonly url: string
  readonly room: string
  readonly self: ReplicaId
  readonly limits: MeshLimits
  readonly timers: Timers
  readonly random: () => number
  readonly openSocket: OpenTextSocket
}

/** What a slow server may leave unread of ours before signals are dropped: a dozen offers. */
const socketBytesMax = 64 * 1024
/**
 * Signals leave no faster than this: a server closes a socket that sends more than 120 at once and 60 a second, and a
 * peer that enters a large room has that many to send.
 */
const signalPace: AllowanceBounds = { burst: 80, everyMs: 25 }
/** Signals that may wait for their turn: those of a full room, each with its candidates. */
const waitingSignalsMax = 512
/** Pings that may be unanswered: one can be on its way. */
const unansweredMax = 2

interface Attempt {
  readonly socket: TextSocket
  joined: boolean
  unanswered: number
}

export class SignalingClient {
  readonly #options: SignalingOptions
  readonly #events: SignalingEvents
  #status: SignalingStatus = 'idle'
  #attempt: Attempt | undefined
  #failures = 0
  /** Said by a server that is about to close; counts once. */
  #reconnectAfterMs: number | undefined
  #cancelTimer: (() => void) | undefined
  #pace: Allowance
  #waiting: ClientMessage[] = []
  #cancelTurn: (() => void) | undefined

  constructor(options: SignalingOptions, events: SignalingEvents) {
    this.#options = options
    this.#events = events
    this.#pace = fullAllowance(signalPace, options.timers.now())
  }

  get url(): string {
    return this.#options.url
  }

  get status(): SignalingStatus {
    return this.#status
  }

  open(): void {
    if (this.#status !== 'idle') return
    this.#status = 'dialling'
    this.#dial()
  }

  /** False: it surely does not arrive. True: it may. */
  signal(to: ReplicaId, data: string): boolean {
    const attempt = this.#attempt
    if (attempt?.joined !== true || !signalDataFits(data)) return false
    if (attempt.socket.bufferedBytes() > socketBytesMax) return false
    if (this.#waiting.length >= waitingSignalsMax) return false
    this.#waiting.push({ type: 'signal', to: peerId(to), data })
    this.#sendWaiting()
    return true
  }

  /** The network may have changed: comes back now, or asks the server whether it is still there. */
  probe(): void {
    if (this.#attempt?.joined === true) {
      this.#ping(this.#attempt, this.#options.limits.serverPatienceMs)
    } else if (this.#status === 'away' && this.#attempt === undefined) {
      this.#dial()
    }
  }

  /** Leaves the room and the server. Synchronous, and nothing comes after. */
  close(): void {
    const attempt = this.#attempt
    if (attempt?.joined === true) this.#send(attempt.socket, { type: 'leave' })
    this.#end()
    this.#status = 'given-up'
  }

  #sendWaiting(): void {
    const attempt = this.#attempt
    const { timers } = this.#options
    while (attempt?.joined === true && this.#cancelTurn === undefined) {
      const next = this.#waiting[0]
      if (next === undefined) return
      const pace = taken(this.#pace, signalPace, timers.now())
      if (pace === undefined) {
        this.#cancelTurn = timers.after(signalPace.everyMs, () => {
          this.#cancelTurn = undefined
          this.#sendWaiting()
        })
        return
      }
      this.#pace = pace
      this.#waiting.shift()
      this.#send(attempt.socket, next)
    }
  }

  #dial(): void {
    const { url, openSocket, limits } = this.#options
    this.#cancel()
    try {
      const isOurs = (): boolean => this.#attempt?.socket === socket
      const socket = openSocket(url, {
        onOpen: () => {
          if (isOurs()) this.#join(socket)
        },
        onText: (text) => {
          if (isOurs()) this.#onText(text)
        },
        onClosed: (code) => {
          if (isOurs()) this.#onClosed(code)
        },
      })
      this.#attempt = { socket, joined: false, unanswered: 0 }
    } catch (error) {
      this.#giveUp(`no socket can be opened to this url: ${String(error)}`)
      return
    }
    this.#after(limits.serverAnswerMsMax, () => this.#onUnanswered())
  }

  #join(socket: TextSocket): void {
    const { room, self } = this.#options
    const who = { room: roomName(room), peer: peerId(self) }
    this.#send(socket, { type: 'join', v: signalingVersion, ...who })
  }

  #send(socket: TextSocket, message: ClientMessage): void {
    socket.send(encodeClientMessage(message))
  }

  #onText(text: string): void {
    const parsed = parseServerMessage(text)
    if (parsed.ok) {
      if (this.#attempt !== undefined) this.#attempt.unanswered = 0
      this.#onMessage(parsed.message)
    } else if (parsed.code === 'unsupported-version') {
      this.#giveUp(parsed.why)
    } else {
      this.#events.onFault('garbage', undefined, parsed.why)
    }
  }

  #onMessage(message: ServerMessage): void {
    const joined = this.#attempt?.joined === true
    switch (message.type) {
      case 'joined':
        if (!joined) this.#onJoined(message.peers.map(asReplica))
        return
      case 'peer-joined':
        if (joined) this.#events.onPeerJoined(asReplica(message.peer))
        return
      case 'peer-left':
        if (joined) this.#events.onPeerLeft(asReplica(message.peer), message.why)
        return
      case 'signal':
        if (joined) this.#events.onSignal(asReplica(message.from), message.data)
        return
      case 'closing':
        this.#reconnectAfterMs = message.reconnectAfterMs
        this.#events.onFault('closing', undefined, message.why)
        return
      case 'error':
        this.#onError(message)
        return
      case 'pong':
        return
    }
  }

  #onJoined(peers: readonly ReplicaId[]): void {
    if (this.#attempt === undefined) return
    this.#attempt.joined = true
    this.#status = 'joined'
    this.#failures = 0
    this.#reconnectAfterMs = undefined
    this.#after(this.#options.limits.serverPingEveryMs, () => this.#onPingDue())
    const { self } = this.#options
    this.#events.onJoined(peers.filter((peer) => peer !== self))
  }

  #onError({ code, message }: ErrorMessage): void {
    // A peer that has just gone is no fault: the room will say so.
    if (code !== 'no-such-peer') this.#events.onFault('error', code, message)
  }

  #onPingDue(): void {
    if (this.#attempt !== undefined) {
      this.#ping(this.#attempt, this.#options.limits.serverPingEveryMs)
    }
  }

  /** Asks, and looks after `ms` whether anything was answered. */
  #ping(attempt: Attempt, ms: number): void {
    if (attempt.unanswered >= unansweredMax) {
      this.#onUnanswered()
      return
    }
    // A probe in a hurry counts for all the pings that may be missed otherwise.
    const hurried = ms < this.#options.limits.serverPingEveryMs
    attempt.unanswered = hurried ? unansweredMax : attempt.unanswered + 1
    this.#send(attempt.socket, { type: 'ping' })
    this.#after(ms, () => this.#onPingDue())
  }

  #onUnanswered(): void {
    this.#events.onFault('unanswered')
    this.#goAway(this.#retryDelay())
  }

  #onClosed(code: number): void {
    const advice = reconnectAdvice(code)
    if (advice === 'never') {
      this.#giveUp(`the server closed with code ${code}`)
      return
    }
    this.#events.onFault('closed', undefined, `code ${code}`)
    const said = this.#reconnectAfterMs
    const delay = this.#retryDelay()
    const { retryMsMax } = this.#options.limits
    this.#goAway((advice === 'later' ? retryMsMax : 0) + (said ?? 0) + delay)
  }

  #retryDelay(): number {
    this.#failures += 1
    return retryDelayMs(this.#failures, this.#options.limits, this.#options.random())
  }

  #goAway(delayMs: number): void {
    this.#end()
    this.#status = 'away'
    this.#reconnectAfterMs = undefined
    this.#after(delayMs, () => this.#dial())
    this.#events.onGone()
  }

  #giveUp(detail: string): void {
    this.#end()
    this.#status = 'given-up'
    this.#events.onFault('given-up', undefined, detail)
    this.#events.onGone()
  }

  #end(): void {
    this.#cancel()
    this.#attempt?.socket.close()
    this.#attempt = undefined
    // Whoever wanted to say this will say it anew, if it still matters when we are back.
    this.#waiting = []
    this.#cancelTurn?.()
    this.#cancelTurn = undefined
  }

  #after(ms: number, call: () => void): void {
    this.#cancel()
    this.#cancelTimer = this.#options.timers.after(ms, call)
  }

  #cancel(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }
}

/** Both are 32 lowercase hex digits; the parser has checked. */
const asReplica = (peer: string): ReplicaId => peer as ReplicaId
