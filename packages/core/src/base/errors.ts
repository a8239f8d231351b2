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

/**
 * The group works with a version of its machine that this page does not carry: what is decided is stored and voted on here as
 * before, and not run. A page that is older than the group has to be reloaded.
 */
export class MachineVersionMissing extends UnanimousError {
  readonly code = 'machine-version-missing'
  override readonly name = 'MachineVersionMissing'
  /** In force in the group. */
  readonly version: number
  /** Those that this page carries. */
  readonly carried: readonly number[]

  constructor(version: number, carried: readonly number[]) {
    super(
      version > Math.max(...carried)
        ? `The group has gone over to version ${version} of its machine, which this page does not know yet. Reload it; nothing is lost.`
        : `The group is at version ${version} of its machine, which this page does not carry any more. Add that machine to \`previous\` of the new one; nothing is lost.`,
    )
    this.version = version
    this.carried = carried
  }
}

/** The group was begun anew from another tab's copy, while this tab was in touch with no majority of the old one. */
export class Superseded extends UnanimousError {
  readonly code = 'superseded'
  override readonly name = 'Superseded'
  /** All that this tab holds is in the copy that was taken. */
  readonly covered: boolean

  constructor(covered: boolean) {
    super(
      covered
        ? 'The group was begun anew from another tab’s copy, which holds all that this tab holds. Reload this tab to join it.'
        : 'The group was begun anew from another tab’s copy, but this tab holds more. Look at what it holds; to join the others, forget the group here and reload.',
    )
    this.covered = covered
  }
}

/** The disk failed, was taken away, or does not hold what was written to it. */
export class StorageError extends UnanimousError {
  readonly code = 'storage'
  override readonly name = 'StorageError'
}
