/**
 * Bare simple-peer channels between the tabs of a room: what the network under the group costs by itself. They find each
 * other by a BroadcastChannel; no byte that is measured goes that way.
 */
import Peer from 'simple-peer/simplepeer.min.js'
import type { PumpPlan, PumpRun, RawPlace } from './bench-page.ts'
import type { Disk } from './disk.ts'
import { moment, pause } from './moment.ts'

/** The first byte of a packet; an answer has the same. */
const kinds = { echo: 0, farCommit: 1, bulk: 2, bulkEnd: 3, answer: 4 } as const

const connectMsMax = 30_000
const helloEveryMs = 200

interface Hello {
  readonly from: number
  readonly to?: number
  readonly signal?: unknown
}

/** One channel to one tab. Answers come in the order of the questions, since the channel keeps order. */
class RawChannel {
  readonly peer: Peer
  readonly #waiting: (() => void)[] = []
  isConnected = false

  constructor(initiator: boolean, onSignal: (signal: unknown) => void, disk: () => Disk) {
    // Without a list of its own simple-peer would ask the STUN servers of third parties.
    this.peer = new Peer({ initiator, config: { iceServers: [] } })
    this.peer.on('signal', onSignal)
    this.peer.on('error', (error) => reportError(error))
    this.peer.on('connect', () => {
      this.isConnected = true
    })
    this.peer.on('data', (data) => this.#onPacket(data, disk))
  }

  /** Resolves when the other tab has answered. */
  ask(kind: 'echo' | 'farCommit' | 'bulkEnd', length: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.peer.send(packetOf(kinds[kind], length))
    })
  }

  get channel(): RTCDataChannel {
    const { _channel: channel } = this.peer
    if (channel === null) throw new Error('The channel is not open.')
    return channel
  }

  #onPacket(data: Uint8Array, disk: () => Disk): void {
    const [kind] = data
    if (kind === kinds.answer) this.#waiting.shift()?.()
    if (kind === kinds.echo || kind === kinds.bulkEnd) this.peer.send(answerTo(data))
    if (kind === kinds.farCommit) {
      const answer = answerTo(data)
      void disk()
        .commit(new Uint8Array(data))
        .then(() => this.peer.send(answer))
    }
  }
}

function packetOf(kind: number, length: number): Uint8Array {
  const packet = new Uint8Array(length).fill(0x55)
  packet[0] = kind
  return packet
}

function answerTo(data: Uint8Array): Uint8Array {
  const answer = new Uint8Array(data)
  answer[0] = kinds.answer
  return answer
}

export class RawChannels {
  readonly #place: RawPlace
  readonly #disk: Disk
  readonly #channels = new Map<number, RawChannel>()
  readonly #signals: BroadcastChannel

  constructor(place: RawPlace, disk: Disk) {
    this.#place = place
    this.#disk = disk
    this.#signals = new BroadcastChannel(`raw-${place.room}`)
  }

  /** Tabs say hello until everybody has heard everybody; the one with the smaller number makes the offer. */
  async connect(): Promise<void> {
    const { tab, tabs } = this.#place
    const until = moment() + connectMsMax
    this.#signals.onmessage = ({ data }: MessageEvent<Hello>) => this.#onSignal(data)
    while (this.#connected() < tabs - 1) {
      if (moment() > until) throw new Error('The bare channels did not open.')
      this.#signals.postMessage({ from: tab } satisfies Hello)
      await pause(helloEveryMs)
    }
  }

  /** The channels, by the number of the tab at the other end. */
  get others(): readonly number[] {
    return [...this.#channels.keys()].sort((a, b) => a - b)
  }

  async ask(to: number, kind: 'echo' | 'farCommit', bytes: number): Promise<void> {
    await this.#to(to).ask(kind, bytes)
  }

  /** Sends as much as the channel takes, then waits until the other tab has all of it. */
  async pump({ to, forMs, packetBytes, windowBytes }: PumpPlan): Promise<PumpRun> {
    const raw = this.#to(to)
    const { channel } = raw
    channel.bufferedAmountLowThreshold = windowBytes / 4
    const packet = packetOf(kinds.bulk, packetBytes)
    const startedAt = moment()
    let bytes = 0
    while (moment() < startedAt + forMs) {
      while (channel.bufferedAmount < windowBytes) {
        raw.peer.send(packet)
        bytes += packetBytes
      }
      await new Promise((resolve) => {
        channel.addEventListener('bufferedamountlow', resolve, { once: true })
      })
    }
    await raw.ask('bulkEnd', 1)
    return { bytes, startedAt, endedAt: moment() }
  }

  #connected(): number {
    return [...this.#channels.values()].filter(({ isConnected }) => isConnected).length
  }

  #to(tab: number): RawChannel {
    const channel = this.#channels.get(tab)
    if (channel === undefined) throw new Error(`There is no bare channel to tab ${tab}.`)
    return channel
  }

  #onSignal({ from, to, signal }: Hello): void {
    const { tab } = this.#place
    if (signal === undefined) {
      if (tab < from && !this.#channels.has(from)) this.#add(from)
    } else if (to === tab) {
      const channel = this.#channels.get(from) ?? this.#add(from)
      channel.peer.signal(signal)
    }
  }

  #add(other: number): RawChannel {
    const { tab } = this.#place
    const send = (signal: unknown): void => {
      this.#signals.postMessage({ from: tab, to: other, signal } satisfies Hello)
    }
    const channel = new RawChannel(tab < other, send, () => this.#disk)
    this.#channels.set(other, channel)
    return channel
  }
}
