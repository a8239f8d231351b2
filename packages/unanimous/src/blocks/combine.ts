/** Several machines as one: each keeps its own part of the state, and its commands carry its name. Knows no block. */
import type { AnyMachine, ArgsOf, CommandContext, Handler, Machine } from '../machine.ts'
import { migrated } from '../carried-versions.ts'
import { defineMachine } from '../machine.ts'

/** Machines by the name of their part. */
export type Parts = Readonly<Record<string, AnyMachine>>

/** The state of a combined machine: each part's under its name. */
export type CombinedState<P extends Parts> = {
  readonly [K in keyof P]: ReturnType<P[K]['initial']>
}

/** The part and the command that a combined name stands for. */
type Split<P extends Parts, N> = N extends `${infer K}.${infer C}`
  ? K extends keyof P
    ? C extends keyof P[K]['commands']
      ? P[K]['commands'][C]
      : never
    : never
  : never

type Names<P extends Parts> = {
  [K in keyof P & string]: `${K}.${keyof P[K]['commands'] & string}`
}[keyof P & string]

/** What a command gives instead of its part's state: the whole state, and its result if it has one. */
type Lifted<P extends Parts, H> = H extends (...all: never) => infer R
  ? [Extract<R, { readonly state: unknown; readonly result: unknown }>] extends [never]
    ? CombinedState<P>
    : {
        readonly state: CombinedState<P>
        readonly result: Extract<R, { readonly state: unknown; readonly result: unknown }>['result']
      }
  : never

/** The commands of a combined machine: `part.command`, with the types that they have in their part. */
export type CombinedCommands<P extends Parts> = {
  readonly [N in Names<P>]: (
    state: CombinedState<P>,
    args: ArgsOf<Split<P, N>>,
    context: CommandContext,
  ) => Lifted<P, Split<P, N>>
}

/** A combined machine. */
export type Combined<P extends Parts> = Machine<CombinedState<P>, CombinedCommands<P>>

/** Names and versions of what was put together: two combinations that differ do not share a room by accident. */
export interface CombineOptions {
  /** The parts' names joined by `+` unless told. */
  readonly name?: string
  /** The parts' versions added up unless told, so that it grows with each of them. */
  readonly version?: number
  /**
   * What was combined before, with the same name: see `previous` of a machine. Where one part alone has previous versions, these
   * combinations are made of them unless told.
   */
  readonly previous?: readonly AnyMachine[]
}

/** What each combination was made of, by the names of the parts: their states go over one by one. */
const partsOf = new WeakMap<AnyMachine, Parts>()

type LooseHandler = (state: unknown, args: unknown, context: CommandContext) => unknown

/**
 * One machine out of several. Its state is `{ [part]: state }`, its commands are `part.command`.
 *
 * @example
 * const machine = combine({ seats, ...blocks })
 * const group = await createGroup({ room: 'cinema-7', machine, signal })
 * await group.do['seats.book']('A1')
 * const held = await lock(group, 'page:42').acquire()
 *
 * Goes over to another version part by part, each by its own `migrate`; a part that is new begins, and one that is gone is dropped.
 * Throws `TypeError` if several parts have previous versions and `previous` is not told: nobody knows which were combined.
 */
export function combine<const P extends Parts>(
  parts: P,
  options: CombineOptions = {},
): Combined<P> {
  const { name, version } = options
  const previous = options.previous ?? previousOf(parts, options)
  const entries = Object.entries(parts)
  const commands = entries.flatMap(([part, machine]) =>
    Object.entries(machine.commands).map(([command, handler]) => [
      `${part}.${command}`,
      lifted(part, handler as unknown as LooseHandler),
    ]),
  )
  const validate = entries.flatMap(([part, machine]) =>
    Object.entries(machine.validate ?? {}).map(([command, check]) => [`${part}.${command}`, check]),
  )
  const machine = {
    name: name ?? entries.map(([, { name: each }]) => each).join('+'),
    version: version ?? entries.reduce((sum, [, { version: each }]) => sum + each, 0),
    initial: () => Object.fromEntries(entries.map(([part, { initial }]) => [part, initial()])),
    commands: Object.fromEntries(commands) as Record<string, Handler<unknown>>,
    validate: Object.fromEntries(validate) as Record<string, (args: unknown) => never>,
    ...{
      previous,
      migrate: (old: unknown, from: number) => migratedParts(parts, previous, { old, from }),
    },
  }
  const combined = defineMachine(machine)
  partsOf.set(combined, parts)
  return combined as unknown as Combined<P>
}

/** The part that has a past is what changed. */
function previousOf(parts: Parts, { name, version }: CombineOptions): readonly AnyMachine[] {
  const changed = Object.entries(parts).filter(([, { previous = [] }]) => previous.length > 0)
  const [first] = changed
  if (first === undefined) return []
  if (changed.length > 1 || version !== undefined) {
    const names = changed.map(([part]) => part).join(' and ')
    throw new TypeError(
      `The previous versions of ${names} do not say what was combined before: give it as previous, with its version.`,
    )
  }
  const [part, { previous = [] }] = first
  const joined =
    name ??
    Object.values(parts)
      .map((each) => each.name)
      .join('+')
  return previous.map((older) => combine({ ...parts, [part]: alone(older) }, { name: joined }))
}

/** Without its own past. */
const alone = (machine: AnyMachine): AnyMachine => ({ ...machine, previous: [] })

interface Older {
  readonly old: unknown
  readonly from: number
}

function migratedParts(
  parts: Parts,
  previous: readonly AnyMachine[],
  { old, from }: Older,
): Readonly<Record<string, unknown>> {
  const older = previous.find(({ version }) => version === from)
  const before = older === undefined ? undefined : partsOf.get(older)
  if (before === undefined) {
    throw new TypeError(
      `It is not known what was combined as version ${from}: give it as previous.`,
    )
  }
  const states = old as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    Object.entries(parts).map(([part, machine]) => {
      const was = Object.hasOwn(before, part) ? before[part] : undefined
      if (was === undefined) return [part, machine.initial()]
      const state = states[part]
      return [part, was.version === machine.version ? state : migrated(machine, state, was.version)]
    }),
  )
}

function lifted(part: string, handler: LooseHandler): LooseHandler {
  return (whole, args, context) => {
    const state = whole as Readonly<Record<string, unknown>>
    const next = handler(state[part], args, context)
    if (next === undefined || next instanceof Promise) return next
    if (!isWithResult(next)) return { ...state, [part]: next }
    return { state: { ...state, [part]: next.state }, result: next.result }
  }
}

const isWithResult = (next: unknown): next is { state: unknown; result: unknown } =>
  typeof next === 'object' &&
  next !== null &&
  Object.keys(next).length === 2 &&
  Object.hasOwn(next, 'state') &&
  Object.hasOwn(next, 'result')
