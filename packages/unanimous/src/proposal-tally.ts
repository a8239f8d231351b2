/** How this tab's proposals ended, and how long they took: the last ones, for percentiles. Knows no commands. */
import type { Outcome } from './proposal.ts'

/** How many proposals of this tab ended in which way. */
export interface ProposalCounts {
  readonly committed: number
  readonly refused: number
  readonly notSent: number
  readonly unknown: number
}

/** From the call to the result, of the last committed or refused proposals of this tab, in milliseconds. */
export interface Latency {
  /** How many of them are looked at. */
  readonly count: number
  readonly p50: number
  readonly p95: number
  readonly max: number
}

/** So many of the last ones are looked at: enough for a percentile, little to sort. */
const latenciesMax = 512

export class ProposalTally {
  readonly #latencies: number[] = []
  readonly #now: () => number
  #counts = { committed: 0, refused: 0, notSent: 0, unknown: 0 }
  #ended = 0

  /** `now`: milliseconds of a monotonic clock. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Counts the proposal once it has ended. */
  follow(outcome: Promise<Outcome<unknown>>): void {
    const begun = this.#now()
    void outcome.then(({ kind }) => this.#end(kind, this.#now() - begun))
  }

  counts(): ProposalCounts {
    return { ...this.#counts }
  }

  /** Undefined before the first one. */
  latency(): Latency | undefined {
    const sorted = [...this.#latencies].sort((a, b) => a - b)
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
    if (sorted.length === 0) return undefined
    return { count: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1) }
  }

  #end(kind: Outcome<unknown>['kind'], tookMs: number): void {
    this.#counts[kind === 'not-sent' ? 'notSent' : kind] += 1
    if (kind !== 'committed' && kind !== 'refused') return
    this.#latencies[this.#ended % latenciesMax] = tookMs
    this.#ended += 1
  }
}
