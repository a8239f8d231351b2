/** How long a disk has been at one record, as far as this page was awake to see. Knows no disk. */
import type { Millis } from '../protocol/ids.ts'

/** A write this slow makes a replica doubt its disk; one this slow, give up on it. */
export const diskSlowMs = 2000
export const diskStuckMs = 30_000

/** Between two looks no more than this counts: a page that slept or was frozen gave the disk no time to answer. */
const lookMsMax = 1000

export class DiskWatch {
  #record: number | undefined
  #lookedAt: Millis | undefined
  #busyMs = 0

  /** `record`: the number of the one that is under way; undefined: none is. How long it has been, in ms. */
  look(record: number | undefined, now: Millis): number {
    const passedMs = Math.min(now - (this.#lookedAt ?? now), lookMsMax)
    const same = record !== undefined && record === this.#record
    this.#busyMs = same ? this.#busyMs + passedMs : 0
    this.#record = record
    this.#lookedAt = now
    return this.#busyMs
  }
}
