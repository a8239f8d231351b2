/**
 * Keeps from the machine what is of a version that it does not carry: from there on commands are kept unread, and nobody is told
 * that they were run. Only a state of a version that it does carry goes on from another place. Knows numbers, no machine.
 */
import { MachineVersionMissing } from '../base/errors.ts'
import type { Outstanding } from './outstanding.ts'
import type { Reading } from './reading.ts'

export interface GateParts {
  /** Rising; undefined: the machine is the same for any version. */
  readonly versions: readonly number[] | undefined
  readonly outstanding: Pick<Outstanding<unknown>, 'refuse'>
  readonly reading: Pick<Reading, 'refuse'>
  /** A page that is shut out says so, once for each version. */
  readonly tell: (error: MachineVersionMissing) => void
}

export class VersionGate {
  readonly #parts: GateParts
  #isShut = false

  constructor(parts: GateParts) {
    this.#parts = parts
  }

  /** What is decided is not for the machine. */
  get isShut(): boolean {
    return this.#isShut
  }

  /** The group goes over to this version. False: without the machine, which has no state to go over with any more. */
  raise(version: number): boolean {
    if (this.#isShut || !this.#carries(version)) return this.#shut(version)
    return true
  }

  /** A state of this version is there. False: it is not for the machine. */
  restore(version: number | undefined): boolean {
    if (version !== undefined && !this.#carries(version)) return this.#shut(version)
    if (this.#isShut) this.#refuse(false)
    return true
  }

  #carries(version: number): boolean {
    return this.#parts.versions?.includes(version) ?? true
  }

  #shut(version: number): false {
    this.#refuse(true)
    const { versions = [], tell } = this.#parts
    // What a start finds on its disk is told to those who begin to listen then.
    queueMicrotask(() => tell(new MachineVersionMissing(version, versions)))
    return false
  }

  #refuse(refuses: boolean): void {
    this.#isShut = refuses
    this.#parts.outstanding.refuse(refuses)
    this.#parts.reading.refuse(refuses)
  }
}
