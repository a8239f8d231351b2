/** Arithmetic over samples. Knows no unit and no browser. */

/** A sample in the middle says more than a mean that one stall of the machine spoils. */
export interface Summary {
  readonly count: number
  readonly min: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

/**
 * The smallest sample that at least `share` of all samples do not exceed (the nearest rank). `share` is in [0, 1].
 * Throws RangeError without samples, or for another share.
 */
export function percentile(samples: readonly number[], share: number): number {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`A share is from 0 to 1, not ${share}.`)
  const sorted = [...samples].sort((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  if (value === undefined) throw new RangeError('Nothing was sampled.')
  return value
}

/** Throws RangeError without samples. */
export const median = (samples: readonly number[]): number => percentile(samples, 0.5)

/** Throws RangeError without samples. */
export function summarize(samples: readonly number[]): Summary {
  return {
    count: samples.length,
    min: percentile(samples, 0),
    p50: percentile(samples, 0.5),
    p90: percentile(samples, 0.9),
    p99: percentile(samples, 0.99),
    max: percentile(samples, 1),
  }
}

/**
 * Adds series of equal length, sample by sample: what was measured in one cycle belongs together.
 * Throws RangeError when one is shorter than the first.
 */
export function added(...series: readonly (readonly number[])[]): readonly number[] {
  const [first = [], ...rest] = series
  return first.map((value, at) => {
    let sum = value
    for (const other of rest) {
      const more = other[at]
      if (more === undefined) throw new RangeError('Series of different lengths do not add up.')
      sum += more
    }
    return sum
  })
}

/** Runs of several tabs as one: from the first start to the last end, in milliseconds. */
export function spanMs(
  runs: readonly { readonly startedAt: number; readonly endedAt: number }[],
): number {
  const ends = runs.map(({ endedAt }) => endedAt)
  const starts = runs.map(({ startedAt }) => startedAt)
  return Math.max(...ends) - Math.min(...starts)
}
