/** Single values by name, changed only by whoever has seen the last one. */
import { canonical } from '../frozen.ts'
import type { Json } from '../json.ts'
import type { CommandContext, Machine } from '../machine.ts'
import { defineMachine } from '../machine.ts'
import type { ProposeOptions } from '../proposal.ts'
import { key, keysMax, record } from './arguments.ts'
import type { Ask, Host } from './host.ts'

/** The value of each register; one that is not here has none. */
export type Registers = Readonly<Record<string, Json>>

interface Setting {
  readonly key: string
  readonly value: Json
}

interface Comparing extends Setting {
  /** Absent: only if there is no value yet. */
  readonly expected?: Json
}

const valueOf = (state: Registers, name: string): Json | undefined =>
  Object.hasOwn(state, name) ? state[name] : undefined

function set(state: Registers, { key: name, value }: Setting, context: CommandContext): Registers {
  const full = !Object.hasOwn(state, name) && Object.keys(state).length >= keysMax
  return full ? context.refuse('TOO_MANY_KEYS') : { ...state, [name]: value }
}

function compareAndSet(
  state: Registers,
  args: Comparing,
  context: CommandContext,
): { readonly state: Registers; readonly result: boolean } {
  const same = canonical(valueOf(state, args.key)) === canonical(args.expected)
  return same ? { state: set(state, args, context), result: true } : { state, result: false }
}

/** The commands of registers. */
export type RegisterCommands = {
  readonly set: typeof set
  readonly compareAndSet: typeof compareAndSet
}

/** The machine of all registers of a group. */
export const registerMachine: Machine<Registers, RegisterCommands> = defineMachine({
  name: 'register',
  version: 1,
  initial: (): Registers => ({}),
  commands: { set, compareAndSet },
  validate: { set: setting, compareAndSet: comparing },
})

/** A group that has registers. */
export type RegisterHost = Host<
  'register',
  Registers,
  { readonly set: Ask<Setting, undefined>; readonly compareAndSet: Ask<Comparing, boolean> }
>

/** One register of values of type T, which its users agree on. */
export interface Register<T extends Json> {
  /** As this tab knows it. */
  readonly value: T | undefined
  set(value: T, options?: ProposeOptions): Promise<void>
  /** False: the value was another one than `expected`, and stays. `undefined` expects that there is none. */
  compareAndSet(expected: T | undefined, value: T, options?: ProposeOptions): Promise<boolean>
}

/**
 * A handle on the register `name`.
 *
 * @example
 * const theme = register<string>(group, 'theme')
 * await theme.compareAndSet('light', 'dark')
 */
export const register = <T extends Json>(group: RegisterHost, name: string): Register<T> => ({
  get value() {
    return valueOf(group.state.register, name) as T | undefined
  },
  async set(value, options) {
    await group.do['register.set']({ key: name, value }, options)
  },
  compareAndSet: (expected, value, options) =>
    group.do['register.compareAndSet'](
      { key: name, value, ...(expected === undefined ? {} : { expected }) },
      options,
    ),
})

function setting(args: unknown): Setting {
  const { key: name, value } = record(args)
  if (value === undefined) throw new TypeError('a register needs a value')
  return { key: key(name), value: value as Json }
}

function comparing(args: unknown): Comparing {
  const { expected } = record(args)
  return { ...setting(args), ...(expected === undefined ? {} : { expected: expected as Json }) }
}
