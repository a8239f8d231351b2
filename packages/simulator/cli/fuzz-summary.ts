/** What many worlds of the fuzzer went through, in sentences: a fuzzer that never meets a fault finds nothing. */
import type { Verdict } from '../src/fuzz.ts'

export class FuzzSummary {
  #worlds = 0
  #restarted = 0
  #ledAnew = 0
  #configured = 0
  #all = 0
  #steps = 0
  #decided = 0
  readonly #convergedMs: number[] = []

  add({ restarts, leaderships, configurations, steps, decided, convergedMs }: Verdict): void {
    const [restarted, ledAnew, configured] = [restarts > 0, leaderships > 1, configurations > 0]
    this.#worlds += 1
    this.#restarted += Number(restarted)
    this.#ledAnew += Number(ledAnew)
    this.#configured += Number(configured)
    this.#all += Number(restarted && ledAnew && configured)
    this.#steps += steps
    this.#decided += decided
    this.#convergedMs.push(convergedMs)
  }

  get sentences(): readonly string[] {
    const share = (count: number): string => `${((100 * count) / (this.#worlds || 1)).toFixed(1)} %`
    const times = [...this.#convergedMs].sort((a, b) => a - b)
    const quantile = (part: number): string =>
      `${((times[Math.floor((times.length - 1) * part)] ?? 0) / 1000).toFixed(1)} s`
    return [
      `Coverage: ${share(this.#all)} of the worlds had a restart, a leader change and a config change (a restart ${share(this.#restarted)}, a leader change ${share(this.#ledAnew)}, a config change ${share(this.#configured)}).`,
      `${this.#steps} steps, ${this.#decided} decided entries; after the faults a happy leader in ${quantile(0.5)} (median), ${quantile(0.99)} (99 %), ${quantile(1)} (most).`,
    ]
  }
}
