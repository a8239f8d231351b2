/** What the world may do wrong, as error classes: a literal code for programs, a sentence for people. */

export abstract class UnanimousError extends Error {
  /** Stable; switch on it. */
  abstract readonly code: string
}

/** The application's state here is another than that of the others, though the commands were the same. */
export class MachineDiverged extends UnanimousError {
  readonly code = 'machine-diverged'
  override readonly name = 'MachineDiverged'

  constructor(end: number) {
    super(
      `This machine is not deterministic: after ${end} entries its state is another one here than in the other tabs. ` +
        'Take time and chance from the context of a command, change nothing but the state that is returned, and reload this tab.',
    )
  }
}

/** The disk failed, was taken away, or does not hold what was written to it. */
export class StorageError extends UnanimousError {
  readonly code = 'storage'
  override readonly name = 'StorageError'
}
