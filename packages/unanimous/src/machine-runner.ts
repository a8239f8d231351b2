/** Runs an application's machine over decided commands: the state machine that the core drives. */
import type { DecidedCommand, StateMachine } from '@unanimous/core'
import type { NamedCommand } from './command-codec.ts'
import { decodeCommand } from './command-codec.ts'
import type { Json } from './json.ts'
import type { CommandContext, Commands, Machine } from './machine.ts'
import { seededRandom } from './seeded-random.ts'

/** How a decided command ended. The machine's state changed only if it is `done`. */
export type Ending =
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: Json | undefined }
  | { readonly kind: 'threw'; readonly message: string }

/** Thrown through the handler by `context.refuse`, and caught here only. */
class Refusal extends Error {
  readonly code: string
  readonly detail: Json | undefined

  constructor(code: string, detail: Json | undefined) {
    super(code)
    this.code = code
    this.detail = detail
  }
}

type AnyHandler = (state: unknown, args: unknown, context: CommandContext) => unknown

export class MachineRunner<S, C extends Commands<S>> implements StateMachine<Ending> {
  readonly #machine: Machine<S, C>
  #state: S

  constructor(machine: Machine<S, C>) {
    this.#machine = machine
    this.#state = machine.initial()
  }

  get state(): S {
    return this.#state
  }

  /**
   * A handler that throws ends only its own command: it throws alike on every tab, so they still agree, and one bad command
   * must not end the group.
   */
  apply(decided: DecidedCommand): Ending {
    const command = decodeCommand(decided.command)
    if (command === undefined) return { kind: 'threw', message: 'These bytes are no command.' }
    try {
      return this.#run(command, decided)
    } catch (error) {
      if (error instanceof Refusal) {
        return { kind: 'refused', code: error.code, detail: error.detail }
      }
      return { kind: 'threw', message: error instanceof Error ? error.message : String(error) }
    }
  }

  #run({ name, args }: NamedCommand, decided: DecidedCommand): Ending {
    const { commands } = this.#machine
    // Own keys only: a name from the log must not reach into Object.prototype.
    if (!Object.hasOwn(commands, name)) {
      return { kind: 'threw', message: `Machine ${this.#machine.name} has no command ${name}.` }
    }
    const handler = commands[name] as unknown as AnyHandler
    const next = handler(this.#state, args, contextOf(decided))
    if (next === undefined || next instanceof Promise) {
      return { kind: 'threw', message: `Command ${name} gave no state: return the next one.` }
    }
    const { state, result } = split(next)
    this.#state = state as S
    return { kind: 'done', result }
  }
}

function split(next: unknown): { readonly state: unknown; readonly result: unknown } {
  if (typeof next === 'object' && next !== null && Object.keys(next).length === 2) {
    if (Object.hasOwn(next, 'state') && Object.hasOwn(next, 'result')) {
      return next as { state: unknown; result: unknown }
    }
  }
  return { state: next, result: undefined }
}

function contextOf({ index, ballot, author, stamp }: DecidedCommand): CommandContext {
  let random: (() => number) | undefined
  return {
    index,
    ballot,
    author,
    now: stamp,
    random() {
      random ??= seededRandom(`${ballot.num}.${ballot.node}.${index}`)
      return random()
    },
    refuse(code, detail) {
      throw new Refusal(code, detail)
    },
  }
}
