/**
 * The rendezvous itself: what each message does, who hears of it, who is shown out and why. Knows connections and a
 * clock, neither HTTP nor timers: somebody calls `sweep` now and then. Reads no signal's data.
 */

import {
  encodeServerMessage,
  errorSentences,
  parseClientMessage,
  signalingVersion,
} from '@unanimous/signaling-protocol'
import type {
  ClientMessage,
  CloseName,
  ClosingReason,
  ErrorCode,
  Join,
  PeerId,
  ServerMessage,
  SignalTo,
} from '@unanimous/signaling-protocol'
import { AddressBook } from './address-book.ts'
import type { Admission } from './address-book.ts'
import type { Connection, ConnectionListener } from './connection.ts'
import { reconnectBaseMs, reconnectStepMs } from './limits.ts'
import type { ServerLimits } from './limits.ts'
import { Rooms } from './rooms.ts'
import type { Session } from './session.ts'
import { fullBucket, takeToken } from './token-bucket.ts'

/** Why somebody was refused a message, a room or a socket, for the counters. */
export type RefusalName = ErrorCode | CloseName | 'heartbeat'

/** A peer is out of its room, and these have not heard of it yet. */
interface Departure {
  readonly peer: PeerId
  readonly why: 'left' | 'gone'
  readonly others: readonly Session[]
}

/** Closings that the peer did nothing to earn: no error goes before the close frame. */
type QuietClose = 'going-away' | 'restart' | 'slow-reader'

export class Hall {
  readonly #limits: ServerLimits
  readonly #nowMs: () => number
  readonly #rooms: Rooms<Session>
  readonly #addresses: AddressBook
  readonly #sessions = new Set<Session>()
  readonly #refusals = new Map<RefusalName, number>()
  readonly #whenEmpty: (() => void)[] = []
  #departures: Departure[] = []
  #relayedCount = 0
  #isDraining = false

  constructor(limits: ServerLimits, nowMs: () => number) {
    this.#limits = limits
    this.#nowMs = nowMs
    this.#rooms = new Rooms(limits)
    this.#addresses = new AddressBook(limits)
  }

  get roomCount(): number {
    return this.#rooms.roomCount
  }

  get peerCount(): number {
    return this.#rooms.peerCount
  }

  get socketCount(): number {
    return this.#sessions.size
  }

  get relayedCount(): number {
    return this.#relayedCount
  }

  get isDraining(): boolean {
    return this.#isDraining
  }

  refusals(): Readonly<Partial<Record<RefusalName, number>>> {
    return Object.fromEntries(this.#refusals)
  }

  /** Takes a place for one more socket of `address`; whoever gets one must `open` it or give it back. */
  admit(address: string): Admission | 'server-full' {
    if (this.#sessions.size >= this.#limits.socketsMax) return 'server-full'
    return this.#addresses.admit(address, this.#nowMs())
  }

  /** Gives back a place that no socket came to use. */
  giveBack(address: string): void {
    this.#addresses.release(address)
  }

  open(connection: Connection, address: string): ConnectionListener {
    const nowMs = this.#nowMs()
    const session: Session = {
      connection,
      address,
      place: { kind: 'outside', joinByMs: nowMs + this.#limits.joinTimeoutMs },
      heartbeat: { kind: 'resting', pingAtMs: nowMs + this.#limits.heartbeatMs },
      messages: fullBucket(this.#limits.messagesPerSocket, nowMs),
    }
    this.#sessions.add(session)
    return {
      onText: (text) => this.#inTurn(() => this.#onText(session, text)),
      onBinary: () => this.#inTurn(() => this.#showOut(session, 'binary')),
      onPing: () => this.#inTurn(() => void this.#isPaid(session)),
      onPong: () => this.#inTurn(() => this.#onPong(session)),
      onBroken: (name) => this.#inTurn(() => this.#onBroken(session, name)),
      onClose: () => this.#inTurn(() => this.#onClose(session)),
    }
  }

  /** Everything that time does: pings, silence, late joins, closes that nobody answered. */
  sweep(): void {
    const nowMs = this.#nowMs()
    this.#inTurn(() => {
      for (const session of [...this.#sessions]) this.#sweepOne(session, nowMs)
    })
    this.#addresses.sweep(nowMs)
  }

  /** From here on nobody new comes in; whoever is in may still finish a conversation. */
  announceClosing(why: ClosingReason): void {
    this.#isDraining = true
    let reconnectAfterMs = reconnectBaseMs
    this.#inTurn(() => {
      for (const session of [...this.#sessions]) {
        this.#send(session, { type: 'closing', why, reconnectAfterMs })
        reconnectAfterMs += reconnectStepMs
      }
    })
  }

  closeAll(name: 'going-away' | 'restart'): void {
    this.#inTurn(() => {
      for (const session of [...this.#sessions]) this.#close(session, name)
    })
  }

  cutAll(): void {
    for (const session of [...this.#sessions]) session.connection.terminate()
  }

  /** Resolves when the last socket has ended; at once if there is none. */
  emptied(): Promise<void> {
    if (this.#sessions.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#whenEmpty.push(resolve))
  }

  /**
   * Runs one event to its end, then tells rooms who went. Telling may find slow readers, who go in turn: a queue
   * instead of a call from within keeps the order of what each member hears.
   */
  #inTurn(handle: () => void): void {
    handle()
    for (let next = this.#departures.shift(); next !== undefined; next = this.#departures.shift()) {
      const { peer, why, others } = next
      this.#broadcast(others, { type: 'peer-left', peer, why })
    }
  }

  #onText(session: Session, text: string): void {
    if (session.place.kind === 'closing' || !this.#isPaid(session)) return
    // After the bucket of the socket, so that one flooding socket cannot use up its neighbours' share for long.
    if (!this.#addresses.takeMessage(session.address, this.#nowMs())) {
      this.#refuse(session, 'rate-limited')
      return
    }
    const parsed = parseClientMessage(text)
    if (parsed.ok) this.#onMessage(session, parsed.message)
    else this.#showOut(session, parsed.code)
  }

  #onMessage(session: Session, message: ClientMessage): void {
    switch (message.type) {
      case 'join': {
        this.#onJoin(session, message)
        return
      }
      case 'leave': {
        this.#onLeave(session)
        return
      }
      case 'signal': {
        this.#onSignal(session, message)
        return
      }
      case 'ping': {
        this.#send(session, { type: 'pong' })
        return
      }
    }
  }

  #onJoin(session: Session, { room, peer }: Join): void {
    if (session.place.kind !== 'outside') {
      this.#refuse(session, 'already-joined')
      return
    }
    if (this.#isDraining) {
      this.#refuse(session, 'draining')
      return
    }
    if (!this.#addresses.takeArrival(session.address, this.#nowMs())) {
      this.#refuse(session, 'rate-limited')
      return
    }
    const outcome = this.#rooms.join(room, peer, session)
    if (!outcome.ok) {
      this.#showOut(session, outcome.why)
      return
    }
    session.place = { kind: 'inside', room, peer }
    this.#send(session, { type: 'joined', v: signalingVersion, peers: outcome.earlier })
    if (outcome.replaced !== undefined) {
      this.#broadcast(outcome.others, { type: 'peer-left', peer, why: 'replaced' })
      this.#showOut(outcome.replaced, 'replaced')
    }
    this.#broadcast(outcome.others, { type: 'peer-joined', peer })
  }

  #onLeave(session: Session): void {
    if (session.place.kind !== 'inside') {
      this.#refuse(session, 'not-joined')
      return
    }
    this.#depart(session, 'left')
    session.place = { kind: 'outside', joinByMs: this.#nowMs() + this.#limits.joinTimeoutMs }
  }

  #onSignal(session: Session, { to, data }: SignalTo): void {
    if (session.place.kind !== 'inside') {
      this.#refuse(session, 'not-joined')
      return
    }
    const target = this.#rooms.find(session.place.room, to)
    if (target === undefined) {
      this.#count('no-such-peer')
      const message = errorSentences['no-such-peer']
      this.#send(session, { type: 'error', code: 'no-such-peer', message, peer: to })
      return
    }
    this.#relayedCount += 1
    this.#send(target, { type: 'signal', from: session.place.peer, data })
  }

  #onPong(session: Session): void {
    if (session.heartbeat.kind === 'asked') {
      const pingAtMs = this.#nowMs() + this.#limits.heartbeatMs
      session.heartbeat = { kind: 'resting', pingAtMs }
    } else {
      this.#isPaid(session)
    }
  }

  #onBroken(session: Session, name: CloseName): void {
    if (session.place.kind === 'closing') return
    this.#count(name)
    this.#depart(session, 'gone')
    session.place = this.#closing()
  }

  #onClose(session: Session): void {
    this.#depart(session, 'gone')
    session.place = this.#closing()
    this.#sessions.delete(session)
    this.#addresses.release(session.address)
    if (this.#sessions.size > 0) return
    for (const resolve of this.#whenEmpty.splice(0)) resolve()
  }

  #sweepOne(session: Session, nowMs: number): void {
    const { place, heartbeat, connection } = session
    if (place.kind === 'closing') {
      if (nowMs >= place.cutAtMs) connection.terminate()
      return
    }
    if (place.kind === 'outside' && nowMs >= place.joinByMs) {
      this.#showOut(session, 'join-timeout')
    } else if (heartbeat.kind === 'asked' && nowMs >= heartbeat.cutAtMs) {
      // Nobody is there to read a close frame.
      this.#count('heartbeat')
      this.#depart(session, 'gone')
      session.place = this.#closing()
      connection.terminate()
    } else if (heartbeat.kind === 'resting' && nowMs >= heartbeat.pingAtMs) {
      session.heartbeat = { kind: 'asked', cutAtMs: nowMs + this.#limits.heartbeatMs }
      connection.ping()
    }
  }

  /** Charges one message to the socket; without a token left it is shown out. */
  #isPaid(session: Session): boolean {
    if (session.place.kind === 'closing') return false
    const limit = this.#limits.messagesPerSocket
    const { taken, bucket } = takeToken(session.messages, limit, this.#nowMs())
    session.messages = bucket
    if (!taken) this.#showOut(session, 'rate-limited')
    return taken
  }

  /** Says no and lets the socket live. */
  #refuse(session: Session, code: ErrorCode): void {
    this.#count(code)
    this.#send(session, { type: 'error', code, message: errorSentences[code] })
  }

  /** Says why, then closes with the code of the same name. */
  #showOut(session: Session, code: ErrorCode & Exclude<CloseName, QuietClose>): void {
    if (session.place.kind === 'closing') return
    this.#refuse(session, code)
    this.#close(session, code)
  }

  #close(session: Session, name: CloseName): void {
    if (session.place.kind === 'closing') return
    this.#depart(session, 'gone')
    session.place = this.#closing()
    session.connection.close(name)
  }

  #closing(): Session['place'] {
    return { kind: 'closing', cutAtMs: this.#nowMs() + this.#limits.closeGraceMs }
  }

  /** Takes a member out of its room; the others hear of it at the end of this turn. */
  #depart(session: Session, why: Departure['why']): void {
    if (session.place.kind !== 'inside') return
    const { room, peer } = session.place
    const others = this.#rooms.leave(room, peer, session)
    // A socket that ends while the server goes away says nothing about its tab: 'gone' would be a false alarm.
    if (this.#isDraining && why === 'gone') return
    if (others.length > 0) this.#departures.push({ peer, why, others })
  }

  #broadcast(sessions: readonly Session[], message: ServerMessage): void {
    const text = encodeServerMessage(message)
    for (const session of sessions) this.#sendText(session, text)
  }

  #send(session: Session, message: ServerMessage): void {
    this.#sendText(session, encodeServerMessage(message))
  }

  #sendText(session: Session, text: string): void {
    if (session.place.kind === 'closing') return
    if (session.connection.bufferedBytes > this.#limits.bufferedBytesMax) {
      this.#count('slow-reader')
      this.#close(session, 'slow-reader')
      return
    }
    session.connection.send(text)
  }

  #count(name: RefusalName): void {
    this.#refusals.set(name, (this.#refusals.get(name) ?? 0) + 1)
  }
}
