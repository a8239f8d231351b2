/** From a machine's type to the types of its state and commands. Types only. */
import type { CommandContext } from 'unanimous'

/** Any machine: what `defineMachine` gives. */
export interface MachineLike {
  readonly name: string
  readonly initial: () => unknown
  readonly commands: Readonly<
    Record<string, (state: never, args: never, context: CommandContext) => unknown>
  >
}

/** The state that a machine decides about. */
export type StateOf<M extends MachineLike> = ReturnType<M['initial']>

/** The commands of a machine, by name. */
export type CommandsOf<M extends MachineLike> = M['commands']
