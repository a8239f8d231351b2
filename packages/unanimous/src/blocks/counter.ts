/** Counters by name: 1, 2, 3 without gaps and without doubles. */
import type { CommandContext, Machine } from '../machine.ts'
import { defineMachine } from '../machine.ts'
import { key, keysMax } from './arguments.ts'
import type { Ask, Host } from './host.ts'
import type { ProposeOptions } from '../proposal.ts'

/** The last number of each counter; one that is not here has given none. */
export type Counters = Readonly<Record<string, number>>

const next = (
  state: Counters,
  name: string,
  context: CommandContext,
): { readonly state: Counters; readonly result: number } => {
  const known = Object.hasOwn(state, name)
  if (!known && Object.keys(state).length >= keysMax) return context.refuse('TOO_MANY_KEYS')
  const result = (known ? (state[name] ?? 0) : 0) + 1
  return { state: { ...state, [name]: result }, result }
}

/** The commands of counters. */
export type CounterCommands = {
  readonly next: typeof next
}

/** The machine of all counters of a group. */
export const counterMachine: Machine<Counters, CounterCommands> = defineMachine({
  name: 'counter',
  version: 1,
  initial: (): Counters => ({}),
  commands: { next },
  validate: { next: key },
})

/** A group that has counters. */
export type CounterHost = Host<'counter', Counters, { readonly next: Ask<string, number> }>

/** One counter. */
export interface Counter {
  /** The last number that was given, as this tab knows; 0 before the first. */
  readonly value: number
  /**
   * The next number. Each is given once; one whose caller got `Unknown` may have been given and is then not given again.
   */
  next(options?: ProposeOptions): Promise<number>
}

/**
 * A handle on the counter `name`.
 *
 * @example
 * const number = await counter(group, 'invoice').next()
 */
export const counter = (group: CounterHost, name: string): Counter => ({
  get value() {
    const { counter: counters } = group.state
    return Object.hasOwn(counters, name) ? (counters[name] ?? 0) : 0
  },
  next: (options) => group.do['counter.next'](name, options),
})
