/** Checks of the blocks' arguments: what a peer may put into the log is judged before it runs. */

/** Characters of a key: a name, not a document. */
export const keyLengthMax = 256
/** Different keys of one block in one group, and what waits under one key: so that no tab can fill the state of all. */
export const keysMax = 10_000
export const waitersMax = 1000

export function record(args: unknown): Readonly<Record<string, unknown>> {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) {
    throw new TypeError('these arguments are no object')
  }
  return args as Readonly<Record<string, unknown>>
}

export function key(value: unknown): string {
  if (typeof value !== 'string' || value.length === 0 || value.length > keyLengthMax) {
    throw new TypeError(`a key is a text of 1 to ${keyLengthMax} characters`)
  }
  return value
}

export function count(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new TypeError('not a whole number, or below zero')
  }
  return value
}

/** Milliseconds from one to a day. */
export function duration(value: unknown): number {
  const ms = count(value)
  if (ms < 1 || ms > 86_400_000) throw new TypeError('not between a millisecond and a day')
  return ms
}
