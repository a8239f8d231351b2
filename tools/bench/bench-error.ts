/** The one way in which a benchmark fails on purpose. */

/** Something could not be measured, or the tabs do not agree; the message says what. */
export class BenchError extends Error {
  readonly code = 'bench'
  override readonly name = 'BenchError'
}
