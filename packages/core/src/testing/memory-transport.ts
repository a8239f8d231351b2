/**
 * Links between replicas of one process. Messages wait in their link until a microtask, or the test, delivers them; links
 * come and go, and messages get lost, as the test says. Knows nothing of what is in a message.
 */
import type { Priority, Transport, TransportEvents } from '../ports/transport.ts'
import type { ReplicaId } from '../protocol/ids.ts'

/** How a hub behaves. */
export interface MemoryHubOptions {
  /** `microtask`: by itself, soon. `manual`: only by `deliver`. The first unless told. */
  readonly delivery?: 'microtask' | 'manual'
  /** Messages that one direction of one link holds; 16 384 unless told. */
  readonly queueLengthMax?: number
}

/** A message on its way. */
export interface Passing {
  readonly from: ReplicaId
  readonly to: ReplicaId
  readonly bytes: Uint8Array
  readonly priority: Priority
}

/** All links there are, and what may happen to them. */
export interface MemoryHub {
  /** A new end. Once it is started, it is linked to all others that are. Throws if this id has a living end. */
  join(id: ReplicaId): Transport
  /** Takes one link down, with all that is on its way over it, or puts it up again. */
  setLink(a: ReplicaId, b: ReplicaId, state: 'up' | 'down'): void
  /** From now on each message for which `rule` says so is lost; without a rule, none is. */
  loseWhen(rule?: (message: Passing) => boolean): void
  /** Delivers what waits now; what that sets off waits for the next call. How many messages it were. */
  deliver(): number
}

/** One way over one link, while the link lives. */
interface Direction {
  readonly from: End
  readonly to: End
  readonly control: Uint8Array[]
  readonly data: Uint8Array[]
  /** The receiver was told that it is up. */
  told: boolean
  /** Nothing more is sent; once empty, the receiver is told so. */
  ended: boolean
}

interface End {
  readonly id: ReplicaId
  readonly outgoing: Map<ReplicaId, Direction>
  events: TransportEvents | undefined
  /** Said good-bye: hears nothing more. */
  closed: boolean
}

const pairOf = (a: ReplicaId, b: ReplicaId): string => (a < b ? `${a} ${b}` : `${b} ${a}`)

class Hub implements MemoryHub {
  readonly #options: Required<MemoryHubOptions>
  readonly #ends = new Map<ReplicaId, End>()
  readonly #cut = new Set<string>()
  /** Oldest first, so that the end of a link is told before the beginning of the next one. */
  #directions: Direction[] = []
  #rule: (message: Passing) => boolean = () => false
  #scheduled = false

  constructor(options: MemoryHubOptions) {
    this.#options = { delivery: 'microtask', queueLengthMax: 16_384, ...options }
  }

  join(id: ReplicaId): Transport {
    if (this.#ends.has(id)) throw new Error(`${id} is here already: close it before it comes back`)
    const end: End = { id, outgoing: new Map(), events: undefined, closed: false }
    this.#ends.set(id, end)
    return {
      start: (events) => {
        end.events = events
        for (const other of this.#ends.values()) this.#link(end, other)
      },
      send: (to, bytes, priority) => this.#send(end, { from: id, to, bytes, priority }),
      closeNow: () => this.#close(end),
    }
  }

  setLink(a: ReplicaId, b: ReplicaId, state: 'up' | 'down'): void {
    if (state === 'down') this.#cut.add(pairOf(a, b))
    else this.#cut.delete(pairOf(a, b))
    const [one, other] = [this.#ends.get(a), this.#ends.get(b)]
    if (one === undefined || other === undefined) return
    if (state === 'up') return this.#link(one, other)
    for (const direction of [one.outgoing.get(b), other.outgoing.get(a)]) {
      if (direction === undefined) continue
      direction.control.length = 0
      direction.data.length = 0
      this.#end(direction)
    }
  }

  loseWhen(rule: (message: Passing) => boolean = () => false): void {
    this.#rule = rule
  }

  deliver(): number {
    const messages = this.#directions.map(({ control, data }) => [
      ...control.splice(0),
      ...data.splice(0),
    ])
    const ended = new Set(this.#directions.filter((direction) => direction.ended))
    for (const [at, direction] of [...this.#directions].entries()) {
      this.#hand(direction, messages[at] ?? [])
      if (ended.has(direction) && direction.told && !direction.to.closed) {
        direction.to.events?.onLink(direction.from.id, 'down')
      }
    }
    this.#directions = this.#directions.filter((direction) => !ended.has(direction))
    return messages.flat().length
  }

  #hand(direction: Direction, messages: readonly Uint8Array[]): void {
    const { from, to } = direction
    // A link that ends before it was told of is told of only if it brought something.
    if (!direction.told && (!direction.ended || messages.length > 0)) {
      direction.told = true
      if (!to.closed) to.events?.onLink(from.id, 'up')
    }
    for (const bytes of messages) if (!to.closed) to.events?.onMessage(from.id, bytes)
  }

  #link(one: End, other: End): void {
    if (one === other || one.events === undefined || other.events === undefined) return
    if (one.outgoing.has(other.id) || this.#cut.has(pairOf(one.id, other.id))) return
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const direction = { from, to, control: [], data: [], told: false, ended: false }
      from.outgoing.set(to.id, direction)
      this.#directions.push(direction)
    }
    this.#schedule()
  }

  #end(direction: Direction): void {
    direction.ended = true
    direction.from.outgoing.delete(direction.to.id)
    this.#schedule()
  }

  #send(from: End, message: Passing): boolean {
    const direction = from.outgoing.get(message.to)
    if (direction === undefined) return false
    const { control, data } = direction
    if (control.length + data.length >= this.#options.queueLengthMax) return false
    if (this.#rule(message)) return true
    direction[message.priority].push(message.bytes)
    this.#schedule()
    return true
  }

  /** What it sent still arrives, then the link ends; what was sent to it is for nobody. */
  #close(end: End): void {
    if (end.closed) return
    end.closed = true
    this.#ends.delete(end.id)
    for (const direction of [...end.outgoing.values()]) {
      this.#end(direction)
      const back = direction.to.outgoing.get(end.id)
      if (back !== undefined) this.#end(back)
    }
  }

  #schedule(): void {
    if (this.#options.delivery === 'manual' || this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.deliver()
    })
  }
}

/** A hub without ends. */
export function createMemoryHub(options: MemoryHubOptions = {}): MemoryHub {
  return new Hub(options)
}
