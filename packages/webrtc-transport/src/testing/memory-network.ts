/**
 * Link channels in memory, which connect as real ones do: by an offer, an answer and candidates that somebody carries
 * across. Each end belongs to an owner by name, so that a test can cut, stall or tamper with what is between two.
 */
import type {
  LinkChannel,
  LinkChannelEvents,
  LinkChannelOptions,
  OpenLinkChannel,
} from '../link-channel.ts'
import type { PeerSignal } from '../link-signal.ts'
import type { Timers } from '../timers.ts'

export class MemoryNetwork {
  readonly #timers: Timers
  readonly #latencyMs: number
  readonly #ends: MemoryEnd[] = []
  readonly #cut = new Set<string>()
  readonly #stalled = new Set<string>()
  readonly #refused = new Set<string>()

  constructor(timers: Timers, latencyMs = 1) {
    this.#timers = timers
    this.#latencyMs = latencyMs
  }

  /** What the mesh of `owner` opens channels with. */
  channelsOf(owner: string): OpenLinkChannel {
    return (options, events) => {
      if (this.#refused.has(owner)) throw new Error('no more peer connections')
      const end = new MemoryEnd(this, owner, { options, events, number: this.#ends.length })
      this.#ends.push(end)
      if (options.initiator) end.describe('offer')
      return end
    }
  }

  /** All channels of `owner`, oldest first, closed ones too. */
  endsOf(owner: string): readonly MemoryEnd[] {
    return this.#ends.filter((end) => end.owner === owner)
  }

  /** Packets from `from` to `to` are lost, in silence. */
  cut(from: string, to: string): void {
    this.#cut.add(`${from}>${to}`)
  }

  /** Packets from `from` to `to` pass again. */
  heal(from: string, to: string): void {
    this.#cut.delete(`${from}>${to}`)
  }

  /** What `owner` sends stays in its channels. */
  stall(owner: string): void {
    this.#stalled.add(owner)
  }

  /** What was held back leaves. */
  unstall(owner: string): void {
    this.#stalled.delete(owner)
    for (const end of this.endsOf(owner)) end.drain()
  }

  /** `owner` gets no channel, or does again. */
  refuse(owner: string, refused = true): void {
    if (refused) this.#refused.add(owner)
    else this.#refused.delete(owner)
  }

  later(call: () => void): void {
    this.#timers.after(this.#latencyMs, call)
  }

  passes(from: string, to: string): boolean {
    return !this.#cut.has(`${from}>${to}`)
  }

  isStalled(owner: string): boolean {
    return this.#stalled.has(owner)
  }

  end(number: number): MemoryEnd | undefined {
    return this.#ends[number]
  }
}

interface EndParts {
  readonly options: LinkChannelOptions
  readonly events: LinkChannelEvents
  /** Its place in the network, which its description carries. */
  readonly number: number
}

export class MemoryEnd implements LinkChannel {
  readonly owner: string
  readonly #network: MemoryNetwork
  readonly #parts: EndParts
  readonly #unsent: Uint8Array[] = []
  #buffered = 0
  #other: MemoryEnd | undefined
  #open = false
  closed = false

  constructor(network: MemoryNetwork, owner: string, parts: EndParts) {
    this.owner = owner
    this.#network = network
    this.#parts = parts
  }

  describe(type: 'offer' | 'answer'): void {
    const sdp = `memory ${this.#parts.number}`
    this.#later((events) => events.onSignal({ type, sdp }))
    const candidate = { candidate: sdp, sdpMLineIndex: 0, sdpMid: '0' }
    this.#later((events) => events.onSignal({ type: 'candidate', candidate }))
  }

  signal(signal: PeerSignal): void {
    if (signal.type === 'candidate') return
    this.#other = this.#network.end(Number(signal.sdp.replace('memory ', '')))
    if (signal.type === 'offer') this.describe('answer')
    else this.#connect()
  }

  send(packet: Uint8Array): void {
    if (!this.#open || this.closed) throw new Error('the channel is not open')
    this.#unsent.push(packet.slice())
    this.#buffered += packet.length
    this.drain()
  }

  bufferedBytes(): number {
    return this.#buffered
  }

  route(): Promise<undefined> {
    return Promise.resolve(undefined)
  }

  close(): void {
    if (this.closed) return
    const other = this.#other
    this.#network.later(() => other?.ended('the other end closed', this))
    this.closed = true
  }

  /** As if the platform had closed it. */
  break(detail: string): void {
    if (this.closed) return
    this.#network.later(() => this.#parts.events.onEnded(detail))
    this.close()
  }

  drain(): void {
    while (!this.#network.isStalled(this.owner)) {
      const packet = this.#unsent.shift()
      if (packet === undefined) return
      this.#network.later(() => this.#leave(packet))
    }
  }

  /** For the closing of `by`, if it is still the one at the other end. */
  ended(detail: string, by: MemoryEnd): void {
    if (this.#other !== by || this.closed || !this.#network.passes(by.owner, this.owner)) return
    this.closed = true
    this.#parts.events.onEnded(detail)
  }

  arrive(packet: Uint8Array): void {
    if (!this.closed) this.#parts.events.onPacket(packet)
  }

  #leave(packet: Uint8Array): void {
    const { lowBytes } = this.#parts.options
    const above = this.#buffered > lowBytes
    this.#buffered -= packet.length
    const other = this.#other
    if (other !== undefined && this.#network.passes(this.owner, other.owner)) other.arrive(packet)
    if (above && this.#buffered <= lowBytes && !this.closed) this.#parts.events.onDrained()
  }

  #connect(): void {
    const other = this.#other
    if (other === undefined || !this.#network.passes(this.owner, other.owner)) return
    if (!this.#network.passes(other.owner, this.owner)) return
    for (const end of [this, other]) {
      end.#later((events) => {
        end.#open = true
        events.onOpen()
      })
    }
  }

  #later(call: (events: LinkChannelEvents) => void): void {
    this.#network.later(() => {
      if (!this.closed) call(this.#parts.events)
    })
  }
}
