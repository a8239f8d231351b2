/**
 * How often something may happen, as arithmetic. Knows no clock: whoever asks brings `now`, in milliseconds of any
 * clock that does not go back (and if it does, nothing is gained or lost).
 */

/** A bucket's size and how fast it fills. */
export interface Rate {
  /** Tokens of a full bucket: how much may happen at once. */
  readonly burst: number
  /** Tokens that flow back each second: how much may happen for ever. */
  readonly perSecond: number
}

export interface Bucket {
  readonly tokens: number
  readonly filledAtMs: number
}

export function fullBucket(rate: Rate, nowMs: number): Bucket {
  return { tokens: rate.burst, filledAtMs: nowMs }
}

/** One token out, if there is one. The bucket to keep is returned either way. */
export function takeToken(
  bucket: Bucket,
  rate: Rate,
  nowMs: number,
): { readonly taken: boolean; readonly bucket: Bucket } {
  const filled = refilled(bucket, rate, nowMs)
  if (filled.tokens < 1) return { taken: false, bucket: filled }
  return { taken: true, bucket: { ...filled, tokens: filled.tokens - 1 } }
}

/** Whether forgetting this bucket and starting with a full one would make no difference. */
export function isFull(bucket: Bucket, rate: Rate, nowMs: number): boolean {
  return refilled(bucket, rate, nowMs).tokens >= rate.burst
}

function refilled(bucket: Bucket, rate: Rate, nowMs: number): Bucket {
  const elapsedMs = Math.max(0, nowMs - bucket.filledAtMs)
  const tokens = Math.min(rate.burst, bucket.tokens + (elapsedMs * rate.perSecond) / 1000)
  return { tokens, filledAtMs: Math.max(nowMs, bucket.filledAtMs) }
}
