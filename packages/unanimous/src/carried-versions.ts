/** The versions of a machine that a page carries, and how a state goes from one to another. Runs no command. */
import type { AnyMachine } from './machine.ts'

type Migrate = (old: unknown, from: number) => unknown

export class CarriedVersions {
  /** Oldest first. */
  readonly #machines: readonly [AnyMachine, ...AnyMachine[]]

  constructor(machine: AnyMachine) {
    const [oldest = machine, ...later] = [...(machine.previous ?? []), machine].sort(
      (a, b) => a.version - b.version,
    )
    this.#machines = [oldest, ...later]
  }

  /** Rising. */
  get numbers(): readonly number[] {
    return this.#machines.map(({ version }) => version)
  }

  get oldest(): AnyMachine {
    return this.#machines[0]
  }

  get newest(): AnyMachine {
    return this.#machines.at(-1) ?? this.oldest
  }

  /** Undefined: this page does not carry it. */
  at(version: number): AnyMachine | undefined {
    return this.#machines.find((machine) => machine.version === version)
  }
}

/**
 * What a state of version `from` is in the version of `machine`. Only the machine that it goes over to is asked: whatever else a page
 * carries, all pages come to the same. Throws what `migrate` throws.
 */
export function migrated(machine: AnyMachine, old: unknown, from: number): unknown {
  const migrate = machine.migrate as Migrate | undefined
  return migrate === undefined ? old : migrate(old, from)
}
