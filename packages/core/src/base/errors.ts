/** What the world may do wrong, as error classes: a literal code for programs, a sentence for people. */

export abstract class UnanimousError extends Error {
  /** Stable; switch on it. */
  abstract readonly code: string
}

/** The disk failed, was taken away, or does not hold what was written to it. */
export class StorageError extends UnanimousError {
  readonly code = 'storage'
  override readonly name = 'StorageError'
}
