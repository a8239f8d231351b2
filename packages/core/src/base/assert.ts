/** Assertions for our own mistakes. They never judge a peer or a caller, and they stay on in production. */

/** A rule that the code itself must keep was broken: the replica halts, it never continues. */
export class InvariantViolation extends Error {
  readonly code = 'invariant'
  override readonly name = 'InvariantViolation'
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantViolation(message)
}

export function assertNever(value: never): never {
  throw new InvariantViolation(`unhandled case: ${JSON.stringify(value)}`)
}

/** The value, which our own rules say is there. */
export function present<T>(value: T | undefined, message: string): T {
  if (value === undefined) throw new InvariantViolation(message)
  return value
}

/** Whatever was thrown, as an error. */
export const errorOf = (cause: unknown): Error =>
  cause instanceof Error ? cause : new InvariantViolation(String(cause))
