/**
 * How fast one neighbour may tell of keys that were never heard of: each costs a multiplication on a curve, and takes the place
 * of another one. Knows names and moments, no keys.
 */
import type { Millis, ReplicaId } from '../protocol/ids.ts'
import { newKeyMs, newKeysBurst, peersMax } from '../protocol/limits.ts'

interface Purse {
  left: number
  countedAt: Millis
}

export class KeyRate {
  /** Least recently asked first. */
  readonly #purses = new Map<ReplicaId, Purse>()

  /** True: it may, and that counts. */
  mayTell(neighbour: ReplicaId, now: Millis): boolean {
    const before = this.#purses.get(neighbour) ?? { left: newKeysBurst, countedAt: now }
    const gained = Math.max(0, now - before.countedAt) / newKeyMs
    const left = Math.min(newKeysBurst, before.left + gained)
    this.#purses.delete(neighbour)
    this.#purses.set(neighbour, { left: left < 1 ? left : left - 1, countedAt: now })
    for (const old of this.#purses.keys())
      if (this.#purses.size > peersMax) this.#purses.delete(old)
    return left >= 1
  }
}
