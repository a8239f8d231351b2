/**
 * What each address has used: open sockets, arrivals, messages. Knows nothing of rooms or peers. Bounded: an address is
 * forgotten once it has no socket and full buckets, and none is added beyond the limit.
 */

import type { ServerLimits } from './limits.ts'
import { fullBucket, isFull, takeToken } from './token-bucket.ts'
import type { Bucket } from './token-bucket.ts'

interface AddressEntry {
  sockets: number
  arrivals: Bucket
  messages: Bucket
}

export type Admission = 'admitted' | 'too-many-sockets' | 'too-fast' | 'book-full'

export class AddressBook {
  readonly #limits: ServerLimits
  readonly #entries = new Map<string, AddressEntry>()

  constructor(limits: ServerLimits) {
    this.#limits = limits
  }

  /** Addresses remembered. */
  get size(): number {
    return this.#entries.size
  }

  /** One more socket of `address`. If admitted, `release` must follow when it ends. */
  admit(address: string, nowMs: number): Admission {
    const entry = this.#entryFor(address, nowMs)
    if (entry === undefined) return 'book-full'
    if (entry.sockets >= this.#limits.socketsPerAddressMax) return 'too-many-sockets'
    if (!this.takeArrival(address, nowMs)) return 'too-fast'
    entry.sockets += 1
    return 'admitted'
  }

  release(address: string): void {
    const entry = this.#entries.get(address)
    if (entry !== undefined) entry.sockets = Math.max(0, entry.sockets - 1)
  }

  takeArrival(address: string, nowMs: number): boolean {
    const entry = this.#entries.get(address)
    if (entry === undefined) return false
    const { taken, bucket } = takeToken(entry.arrivals, this.#limits.arrivalsPerAddress, nowMs)
    entry.arrivals = bucket
    return taken
  }

  takeMessage(address: string, nowMs: number): boolean {
    const entry = this.#entries.get(address)
    if (entry === undefined) return false
    const { taken, bucket } = takeToken(entry.messages, this.#limits.messagesPerAddress, nowMs)
    entry.messages = bucket
    return taken
  }

  /** Forgets whoever would start afresh anyway. */
  sweep(nowMs: number): void {
    for (const [address, entry] of this.#entries) {
      const idle =
        entry.sockets === 0 &&
        isFull(entry.arrivals, this.#limits.arrivalsPerAddress, nowMs) &&
        isFull(entry.messages, this.#limits.messagesPerAddress, nowMs)
      if (idle) this.#entries.delete(address)
    }
  }

  #entryFor(address: string, nowMs: number): AddressEntry | undefined {
    const known = this.#entries.get(address)
    if (known !== undefined) return known
    if (this.#entries.size >= this.#limits.addressesMax) return undefined
    const entry: AddressEntry = {
      sockets: 0,
      arrivals: fullBucket(this.#limits.arrivalsPerAddress, nowMs),
      messages: fullBucket(this.#limits.messagesPerAddress, nowMs),
    }
    this.#entries.set(address, entry)
    return entry
  }
}
