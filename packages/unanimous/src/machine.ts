/** What an application decides about: a state and the commands that change it. Types and the one constructor; no running. */
import type { Ballot, ReplicaId } from '@unanimous/core'
import { machineVersionsMax } from '@unanimous/core'
import type { Json } from './json.ts'

/** A tab of the group: 32 hex digits, made with the tab's store. */
export type MemberId = ReplicaId

/** What a handler may know beside the state and its arguments: the same on every tab. */
export interface CommandContext {
  /** Position in the log: grows with every command, so it serves as a fencing token or a sequence number. */
  readonly index: number
  /** Of the leader that first appended this command. */
  readonly ballot: Ballot
  /** Whose tab proposed the command; proved by the link, not said by the caller. */
  readonly author: MemberId
  /** Milliseconds since 1970 by the leader's clock; never goes back. Use it instead of `Date.now()`. */
  readonly now: number
  /** In [0, 1), the same on every tab. Use it instead of `Math.random()`. */
  random(): number
  /** Ends the command as a refusal: the state stays, the caller gets a `Refused` with this code. */
  refuse(code: string, detail?: Json): never
  /**
   * Tells something to whoever listens with `group.on('emitted')` in any tab that applies this command: once in each, after
   * the command, and only if it is not refused. A tab that starts again does not hear what it had applied before.
   */
  emit(event: Json): void
}

/**
 * Gives the next state, or `{ state, result }` with a result for the caller. Must be deterministic and must not change what
 * it is given. One that throws changes nothing; its caller gets a `MachineError`.
 */
export type Handler<S> = (state: S, args: never, context: CommandContext) => unknown

/** The commands of a machine by name. */
export type Commands<S> = Readonly<Record<string, Handler<S>>>

/** What the caller of a command passes. */
export type ArgsOf<H> = H extends (state: never, args: infer A, ...rest: never) => unknown
  ? unknown extends A
    ? undefined
    : A
  : never

/** What the caller of a command gets; undefined for a handler that only gives a state. */
export type ResultOf<H> = H extends (...args: never) => infer R ? WithResult<R> : undefined

type WithResult<R> = [Extract<R, StateAndResult>] extends [never]
  ? undefined
  : Extract<R, StateAndResult>['result']

interface StateAndResult {
  readonly state: unknown
  readonly result: unknown
}

/** What a group decides about: where its state begins and which commands change it. */
export interface Machine<S, C extends Commands<S>> {
  /** Two machines of different names must not share a room. */
  readonly name: string
  /** A positive whole number; raise it with every change of what a command means. */
  readonly version: number
  /** The state before the first command. */
  readonly initial: () => S
  readonly commands: C
  /**
   * Checks arguments by command: returns them, or what they become, or throws. Called before a proposal leaves the tab (the
   * caller gets `NotSent` with why `invalid`) and again wherever it is applied (a refusal with code `INVALID`), so that no tab
   * can bring others to run what it did not check. Must be deterministic.
   */
  readonly validate?: { readonly [K in keyof C]?: (args: unknown) => ArgsOf<C[K]> }
  /**
   * The machines of this name and of lower versions that this page can run as well, at most 15. The group works with the highest
   * version that all voters' pages carry: give the one of yesterday's page here until no page of yesterday is open any more, and
   * no tab that was closed since before may come back.
   */
  readonly previous?: readonly AnyMachine[]
  /**
   * The state that `old`, which is one of version `from`, becomes when the group goes over to this version; `old` itself unless told.
   * Until then `group.state` shows what it gives. Must be deterministic and must not change `old`; one that throws halts the tab.
   */
  readonly migrate?: (old: never, from: number) => S
}

/** Any machine: what it decides about does not matter here. */
export interface AnyMachine {
  readonly name: string
  readonly version: number
  readonly initial: () => unknown
  readonly commands: Readonly<
    Record<string, (state: never, args: never, ...rest: never[]) => unknown>
  >
  readonly validate?: Readonly<Record<string, ((args: unknown) => unknown) | undefined>>
  readonly previous?: readonly AnyMachine[]
  readonly migrate?: (old: never, from: number) => unknown
}

/**
 * Checks a machine's form and infers its types.
 *
 * @example
 * const seats = defineMachine({
 *   name: 'seats',
 *   version: 1,
 *   initial: () => ({ taken: {} as Record<string, string> }),
 *   commands: {
 *     book: (state, seat: string, context) =>
 *       state.taken[seat] !== undefined
 *         ? context.refuse('TAKEN', { by: state.taken[seat] })
 *         : { taken: { ...state.taken, [seat]: context.author } },
 *   },
 * })
 *
 * Throws `TypeError` for a machine without a name, with a version that is no positive whole number, without commands, with
 * a validation of a command that it does not have, or with previous ones of another name or that are no older.
 */
export function defineMachine<S, const C extends Commands<S>>(
  machine: Machine<S, C>,
): Machine<S, C> {
  if (machine.name.length === 0) throw new TypeError('A machine needs a name.')
  if (!Number.isSafeInteger(machine.version) || machine.version < 1) {
    throw new TypeError(`The version of machine ${machine.name} must be a positive whole number.`)
  }
  if (Object.keys(machine.commands).length === 0) {
    throw new TypeError(`Machine ${machine.name} has no commands: nothing could ever change.`)
  }
  for (const name of Object.keys(machine.validate ?? {})) {
    if (!Object.hasOwn(machine.commands, name)) {
      throw new TypeError(
        `Machine ${machine.name} validates ${name}, which is none of its commands.`,
      )
    }
  }
  checkPrevious(machine)
  return machine
}

function checkPrevious({ name, version, previous = [] }: AnyMachine): void {
  if (previous.length >= machineVersionsMax) {
    throw new TypeError(
      `Machine ${name} carries ${previous.length} previous versions, and ${machineVersionsMax - 1} are the most.`,
    )
  }
  const versions = new Set([version])
  for (const older of previous) {
    if (older.name !== name) {
      throw new TypeError(`Machine ${name} has ${older.name} as a previous one: that is another.`)
    }
    if (older.version > version || versions.has(older.version)) {
      throw new TypeError(
        `Version ${older.version} of machine ${name} cannot be a previous one of version ${version}: each has a number of its own, and they rise.`,
      )
    }
    versions.add(older.version)
  }
}
