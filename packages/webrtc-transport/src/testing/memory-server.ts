/** A signaling server in memory, for one room: speaks the wire of the real one, and fails when a test says so. */
import {
  closeMeanings,
  encodeServerMessage,
  parseClientMessage,
  type ClientMessage,
  type CloseName,
  type PeerId,
  type ServerMessage,
} from '@unanimous/signaling-protocol'
import type { OpenTextSocket, TextSocketEvents } from '../text-socket.ts'
import type { Timers } from '../timers.ts'

interface Member {
  readonly events: TextSocketEvents
  peer: PeerId | undefined
  open: boolean
}

export class MemoryServer {
  readonly #timers: Timers
  #members: Member[] = []
  /** Sockets are refused. */
  down = false
  /** Sockets open, and then nothing is ever answered. */
  mute = false
  /** Signals are accepted and lost. */
  losesSignals = false
  /** Told of every signal that is passed on. */
  onCarried: (signal: {
    readonly from: string
    readonly to: string
    readonly data: string
  }) => void = () => undefined
  /** Everything that came, in order. */
  readonly received: ClientMessage[] = []
  /** Sockets that were asked for. */
  dialled = 0

  constructor(timers: Timers) {
    this.#timers = timers
  }

  readonly openSocket: OpenTextSocket = (_url, events) => {
    this.dialled += 1
    const member: Member = { events, peer: undefined, open: false }
    this.#timers.after(1, () => {
      if (this.down) {
        this.#closeOne(member, 1006)
        return
      }
      member.open = true
      this.#members.push(member)
      events.onOpen()
    })
    return {
      send: (text) => this.#later(member, () => this.#receive(member, text)),
      bufferedBytes: () => 0,
      close: () => this.#later(member, () => this.#leave(member, 'gone')),
    }
  }

  /** The server ends: every socket closes, and no other opens. */
  stop(name?: CloseName): void {
    this.down = true
    const code = name === undefined ? 1006 : closeMeanings[name].code
    for (const member of [...this.#members]) this.#closeOne(member, code)
    this.#members = []
  }

  /** Says this to the member of that id, or to all. */
  say(message: ServerMessage | string, to?: string): void {
    const text = typeof message === 'string' ? message : encodeServerMessage(message)
    for (const member of this.#members) {
      if (to === undefined || member.peer === to) this.#tell(member, text)
    }
  }

  /** Ends the socket of that peer with this close. */
  closeSocketOf(peer: string, name?: CloseName): void {
    const member = this.#members.find((other) => other.peer === peer)
    if (member === undefined) return
    this.#leave(member, 'gone')
    this.#closeOne(member, name === undefined ? 1006 : closeMeanings[name].code)
  }

  #receive(member: Member, text: string): void {
    const parsed = parseClientMessage(text)
    if (!parsed.ok || this.mute) return
    const { message } = parsed
    this.received.push(message)
    switch (message.type) {
      case 'join':
        this.#join(member, message.peer)
        return
      case 'leave':
        this.#leave(member, 'left')
        return
      case 'signal': {
        const to = this.#members.find((other) => other.peer === message.to)
        if (member.peer === undefined || to === undefined || this.losesSignals) return
        this.#later(to, () => {
          if (member.peer === undefined) return
          const { data } = message
          this.onCarried({ from: member.peer, to: message.to, data })
          this.#tell(to, encodeServerMessage({ type: 'signal', from: member.peer, data }))
        })
        return
      }
      case 'ping':
        this.#tell(member, encodeServerMessage({ type: 'pong' }))
        return
    }
  }

  #join(member: Member, peer: PeerId): void {
    const older = this.#members.find((other) => other.peer === peer)
    if (older !== undefined) {
      this.#leave(older, 'replaced')
      this.#closeOne(older, closeMeanings.replaced.code)
    }
    const peers = this.#joined(member).flatMap((other) => other.peer ?? [])
    // The newest is the last in join order.
    this.#members = [...this.#members.filter((other) => other !== member), member]
    member.peer = peer
    this.#tell(member, encodeServerMessage({ type: 'joined', v: 1, peers }))
    this.#tellOthers(member, { type: 'peer-joined', peer })
  }

  #leave(member: Member, why: 'left' | 'gone' | 'replaced'): void {
    const { peer } = member
    member.peer = undefined
    if (why !== 'left') this.#members = this.#members.filter((other) => other !== member)
    if (peer !== undefined) this.#tellOthers(member, { type: 'peer-left', peer, why })
  }

  #joined(except: Member): readonly Member[] {
    return this.#members.filter((other) => other !== except && other.peer !== undefined)
  }

  #tellOthers(member: Member, message: ServerMessage): void {
    for (const other of this.#joined(member)) this.#tell(other, encodeServerMessage(message))
  }

  #tell(member: Member, text: string): void {
    this.#later(member, () => member.events.onText(text))
  }

  #closeOne(member: Member, code: number): void {
    member.open = false
    this.#timers.after(1, () => member.events.onClosed(code))
  }

  #later(member: Member, call: () => void): void {
    this.#timers.after(1, () => {
      if (member.open) call()
    })
  }
}
