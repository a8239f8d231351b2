/** The small words of a scenario: names, times, shares, ranges and links. A value or undefined; nothing throws. */
import type { Range } from '../rng.ts'

const dayMs = 24 * 3600 * 1000
const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000 }

/** Names say something else. */
const reserved = new Set(['all', 'any'])

export const isName = (word: string): boolean =>
  /^[A-Za-z0-9_]{1,16}$/.test(word) && !reserved.has(word)

/** `500ms`, `12s`, `1.5s`, `10min`; at most a day. In milliseconds. */
export function readDuration(word: string): number | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|min)$/.exec(word)
  if (match === null) return undefined
  const ms = Math.round(Number(match[1]) * (unitsMs[match[2] ?? ''] ?? 1))
  return ms <= dayMs ? ms : undefined
}

/** `99%`, `0.5%`. */
export function readPercent(word: string): number | undefined {
  const match = /^(\d{1,3}(?:\.\d)?)%$/.exec(word)
  const percent = Number(match?.[1])
  return match !== null && percent <= 100 ? percent : undefined
}

/** `10..30`: milliseconds, at most a minute. */
export function readRange(word: string): Range | undefined {
  const match = /^(\d{1,5})\.\.(\d{1,5})$/.exec(word)
  if (match === null) return undefined
  const [min, max] = [Number(match[1]), Number(match[2])]
  return min <= max && max <= 60_000 ? [min, max] : undefined
}

/** `40/s`; at most ten thousand. */
export function readRate(word: string): number | undefined {
  const match = /^(\d{1,5}(?:\.\d{1,2})?)\/s$/.exec(word)
  const rate = Number(match?.[1])
  return match !== null && rate > 0 && rate <= 10_000 ? rate : undefined
}

export function readCount(word: string): number | undefined {
  return /^\d{1,9}$/.test(word) ? Number(word) : undefined
}

/** Two ends, each a name or `*` for all. */
export interface LinkPattern {
  readonly from: string
  readonly to: string
  readonly both: boolean
}

/** `a-b`: both ways; `a>b`: one way; `c-*`: all links of c. */
export function readLink(word: string): LinkPattern | undefined {
  const match = /^([A-Za-z0-9_]+|\*)([->])([A-Za-z0-9_]+|\*)$/.exec(word)
  const [from, to] = [match?.[1], match?.[3]]
  if (from === undefined || to === undefined) return undefined
  const known = [from, to].every((end) => end === '*' || isName(end))
  return known ? { from, to, both: match?.[2] === '-' } : undefined
}
