/** What can be wrong with a peer beside what is wrong with any member. */
import { UnanimousError } from '@unanimous/core'

/** Another process uses this folder: it is one member, and must not be two. */
export class FolderInUse extends UnanimousError {
  override readonly name = 'FolderInUse'
  readonly code = 'folder-in-use'

  constructor(folder: string, cause: unknown) {
    super(
      `Another process uses the folder ${folder}: stop that one, or give this peer a folder of its own.`,
      { cause },
    )
  }
}

/** The module does not hold the machine that the group runs. */
export class BadMachine extends UnanimousError {
  override readonly name = 'BadMachine'
  readonly code = 'bad-machine'
}
