/** How long to wait before trying again, and how often one may try at all. Pure: chance and time come from outside. */

/** Milliseconds before the retry that follows failure number `failures` (1 is the first); half of it is jitter. */
export function retryDelayMs(
  failures: number,
  bounds: { readonly retryMsMin: number; readonly retryMsMax: number },
  random: number,
): number {
  // 2 ** 30 times anything sensible is above every maximum; more would only overflow.
  const doubled = bounds.retryMsMin * 2 ** Math.min(Math.max(failures, 1) - 1, 30)
  const most = Math.min(doubled, bounds.retryMsMax)
  return Math.ceil(most * (0.5 + 0.5 * random))
}

/** A bucket of permits that refills with time. */
export interface Allowance {
  readonly permits: number
  readonly countedAt: number
}

export interface AllowanceBounds {
  readonly burst: number
  readonly everyMs: number
}

export const fullAllowance = (bounds: AllowanceBounds, now: number): Allowance => ({
  permits: bounds.burst,
  countedAt: now,
})

/** What is there at `now`. */
export function refilled(allowance: Allowance, bounds: AllowanceBounds, now: number): Allowance {
  const gained = Math.max(0, now - allowance.countedAt) / bounds.everyMs
  return { permits: Math.min(bounds.burst, allowance.permits + gained), countedAt: now }
}

/** One permit less; `undefined` if there is none. */
export function taken(
  allowance: Allowance,
  bounds: AllowanceBounds,
  now: number,
): Allowance | undefined {
  const current = refilled(allowance, bounds, now)
  return current.permits < 1 ? undefined : { ...current, permits: current.permits - 1 }
}
