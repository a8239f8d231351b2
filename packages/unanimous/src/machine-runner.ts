/** Runs an application's machine over decided commands: the state machine that the core drives. */
import type { DecidedCommand, StateMachine } from '@unanimous/core'
import { createObservers } from '@unanimous/core'
import type { NamedCommand } from './command-codec.ts'
import { decodeCommand } from './command-codec.ts'
import { complain } from './complaint.ts'
import { CarriedVersions, migrated } from './carried-versions.ts'
import { MachineNotDeterministic, MigrationFailed, StateNotSerializable } from './errors.ts'
import { canonical, frozenCopy } from './frozen.ts'
import type { Json } from './json.ts'
import { whyNotJson } from './json.ts'
import type { AnyMachine, CommandContext, Commands, Machine, MemberId } from './machine.ts'
import type { NotSentReason } from './proposal.ts'
import { savedOf, stateIn } from './saved-state.ts'
import { seededRandom } from './seeded-random.ts'

/** How a decided command ended. The machine's state changed only if it is `done`. */
export type Ending =
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: Json | undefined }
  | { readonly kind: 'threw'; readonly message: string }

/** A command that was just applied here, with what its handler emitted. */
export interface Applied {
  readonly index: number
  readonly author: MemberId
  /** Undefined: the bytes were no command. */
  readonly command: string | undefined
  readonly ending: Ending
  readonly emitted: readonly Json[]
}

/** Why a command must not leave this tab now. */
export interface WhyNot {
  readonly why: NotSentReason
  readonly detail: string
}

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

/** A state of this length, in characters of JSON, is rehearsed at every second command; of a shorter one, at every one. */
const rehearsedLength = 4096

type AnyHandler = (state: unknown, args: unknown, context: CommandContext) => unknown
type AnyValidation = (args: unknown) => unknown

/** One run of one command, before it counts. */
interface Run {
  readonly ending: Ending
  readonly state: unknown
  readonly emitted: readonly Json[]
}

export class MachineRunner<S, C extends Commands<S>> implements StateMachine<Ending> {
  readonly #carried: CarriedVersions
  readonly #twice: boolean
  /** Of the version in force. */
  #machine: AnyMachine
  /** The state stands for something that was decided. */
  #begun = false
  /** Commands that run once until the next one runs twice. */
  #unrehearsed = 0
  readonly #applied = createObservers<Applied>(complain)
  #complained = false
  #state: unknown
  #shown: { readonly of: unknown; readonly state: unknown } | undefined

  /**
   * `twice`: a command runs on a frozen copy first, and must come to the same: each, or of a large state one in several. Throws
   * StateNotSerializable for a machine whose first state is not JSON already.
   */
  constructor(machine: Machine<S, C>, { twice = false }: { readonly twice?: boolean } = {}) {
    this.#carried = new CarriedVersions(machine)
    this.#machine = machine
    this.#twice = twice
    this.#state = machine.initial()
    const why = whyNotJson(this.#state)
    if (why !== undefined) throw new StateNotSerializable(machine.name, why)
  }

  /** Of the newest version, whichever is in force. */
  get state(): S {
    const { newest } = this.#carried
    if (this.#machine === newest) return this.#state as S
    if (this.#shown?.of !== this.#state)
      this.#shown = { of: this.#state, state: this.#foreseen(newest) }
    return this.#shown?.state as S
  }

  /** What the state will be when the group goes over: a page shows nothing of older versions. */
  #foreseen(newest: AnyMachine): unknown {
    try {
      return migrated(newest, frozenCopy(this.#state), this.#machine.version)
    } catch (error) {
      if (!this.#complained) complain(this.#failed(newest, wordError(error)))
      this.#complained = true
      return newest.initial()
    }
  }

  get versions(): readonly number[] {
    return this.#carried.numbers
  }

  /** Throws MigrationFailed, or MachineNotDeterministic if it is told to run everything twice and finds a difference. */
  raise(version: number): void {
    const next = this.#known(version)
    this.#state = this.#begun ? this.#migrated(next) : next.initial()
    this.#machine = next
    this.#begun = true
  }

  #migrated(next: AnyMachine): unknown {
    const from = this.#machine.version
    if (from === next.version) return this.#state
    try {
      const first = this.#twice
        ? canonical(migrated(next, frozenCopy(this.#state), from))
        : undefined
      const state = migrated(next, this.#state, from)
      const why = whyNotJson(state)
      if (why !== undefined) throw this.#failed(next, why)
      if (first === undefined || first === canonical(state)) return state
    } catch (error) {
      throw error instanceof MigrationFailed ? error : this.#failed(next, wordError(error))
    }
    throw new MachineNotDeterministic(
      `Machine ${next.name} made two states of one when it went over from version ${from} to ${next.version}: migrate may look at nothing but what it is given, and must not change it.`,
    )
  }

  #failed({ name, version: to }: AnyMachine, why: string): MigrationFailed {
    return new MigrationFailed(name, { from: this.#machine.version, to, why })
  }

  /** Whoever drives this asks for no other. */
  #known(version: number): AnyMachine {
    const machine = this.#carried.at(version)
    if (machine === undefined) throw new Error(`There is no version ${version} of this machine.`)
    return machine
  }

  /** Called after each command; what a listener throws is reported to the page. */
  subscribe(listener: (applied: Applied) => void): () => void {
    return this.#applied.subscribe(listener)
  }

  /** Why these arguments must not leave the tab; undefined: they may. */
  whyNot({ name, args }: NamedCommand): WhyNot | undefined {
    const { newest } = this.#carried
    const { version, commands } = this.#machine
    if (!Object.hasOwn(commands, name) && Object.hasOwn(newest.commands, name)) {
      const detail = `${name} comes with version ${newest.version}, and the group is at version ${version}`
      return { why: 'version', detail }
    }
    const validation = this.#validationOf(name)
    try {
      validation?.(args)
      return undefined
    } catch (error) {
      return { why: 'invalid', detail: wordError(error) }
    }
  }

  /**
   * A handler that throws ends only its own command: it throws alike on every tab, so they still agree, and one bad command
   * must not end the group. Throws MachineNotDeterministic if it is told to run everything twice and finds a difference.
   */
  apply(decided: DecidedCommand): Ending {
    if (!this.#begun) this.#beginBefore()
    const command = decodeCommand(decided.command)
    const { ending, state, emitted } = this.#runTwice(command, decided)
    this.#state = state
    const { index, author } = decided
    this.#applied.publish({ index, author, command: command?.name, ending, emitted })
    return ending
  }

  /** As JSON whose keys are sorted, so that equal states are equal bytes. */
  snapshot(): Uint8Array {
    return new TextEncoder().encode(canonical([this.#state]))
  }

  /** As JSON, with its keys in the order in which they were made: a handler may go through them. */
  save(): Uint8Array | undefined {
    const why = whyNotJson(this.#state)
    if (why === undefined) return savedOf(this.#state)
    if (!this.#complained) complain(new StateNotSerializable(this.#machine.name, why))
    this.#complained = true
    return undefined
  }

  restore(saved: Uint8Array, version?: number): void {
    this.#state = stateIn(saved)
    this.#machine = version === undefined ? this.#carried.oldest : this.#known(version)
    this.#begun = true
  }

  /** Groups of the time before versions were decided on begin with a command: what ran it then is the oldest that there is. */
  #beginBefore(): void {
    this.#begun = true
    if (this.#machine === this.#carried.oldest) return
    this.#machine = this.#carried.oldest
    this.#state = this.#machine.initial()
  }

  #runTwice(command: NamedCommand | undefined, decided: DecidedCommand): Run {
    if (command === undefined) {
      const ending = { kind: 'threw', message: 'These bytes are no command.' } as const
      return { ending, state: this.#state, emitted: [] }
    }
    if (!this.#rehearses()) return this.#run(this.#state, command, decided)
    const { name, args } = command
    const frozen = { name, args: frozenCopy(args) }
    const rehearsal = this.#run(frozenCopy(this.#state), frozen, decided)
    const run = this.#run(this.#state, command, decided)
    const [expected, found] = [canonical(rehearsal), canonical(run)]
    // A rehearsal costs as much as the state is large, whatever the command: what it costs a command stays bounded.
    this.#unrehearsed = Math.floor(found.length / rehearsedLength)
    const why = whyNotJson(run.state)
    if (why !== undefined) throw new StateNotSerializable(this.#machine.name, why)
    if (expected === found) return run
    throw new MachineNotDeterministic(
      `Command ${name} of machine ${this.#machine.name} gave two results: first ${excerpt(expected)}, then ${excerpt(found)}. ` +
        'Use context.now and context.random() instead of Date and Math.random, and return new objects instead of changing those that were given.',
    )
  }

  #rehearses(): boolean {
    if (!this.#twice) return false
    if (this.#unrehearsed === 0) return true
    this.#unrehearsed -= 1
    return false
  }

  #run(state: unknown, { name, args }: NamedCommand, decided: DecidedCommand): Run {
    const emitted: Json[] = []
    const unchanged = (ending: Ending): Run => ({ ending, state, emitted: [] })
    // Own keys only: a name from the log must not reach into Object.prototype.
    if (!Object.hasOwn(this.#machine.commands, name)) {
      const message = `Machine ${this.#machine.name} has no command ${name}.`
      return unchanged({ kind: 'threw', message })
    }
    const handler = this.#machine.commands[name] as unknown as AnyHandler
    try {
      const next = handler(state, this.#validated(name, args), contextOf(decided, emitted))
      if (next === undefined || next instanceof Promise) {
        const message = `Command ${name} gave no state: return the next one.`
        return unchanged({ kind: 'threw', message })
      }
      const split = stateAndResult(next)
      return { ending: { kind: 'done', result: split.result }, state: split.state, emitted }
    } catch (error) {
      if (!(error instanceof Refusal))
        return unchanged({ kind: 'threw', message: wordError(error) })
      return unchanged({ kind: 'refused', code: error.code, detail: error.detail })
    }
  }

  #validated(name: string, args: Json | undefined): unknown {
    const validation = this.#validationOf(name)
    if (validation === undefined) return args
    try {
      return validation(args)
    } catch (error) {
      throw new Refusal('INVALID', wordError(error))
    }
  }

  #validationOf(name: string): AnyValidation | undefined {
    const { validate } = this.#machine
    if (validate === undefined || !Object.hasOwn(validate, name)) return undefined
    return validate[name]
  }
}

const wordError = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

const excerptLength = 200
const excerpt = (text: string): string =>
  text.length > excerptLength ? `${text.slice(0, excerptLength)}…` : text

function stateAndResult(next: unknown): { readonly state: unknown; readonly result: unknown } {
  if (typeof next === 'object' && next !== null && Object.keys(next).length === 2) {
    if (Object.hasOwn(next, 'state') && Object.hasOwn(next, 'result')) {
      return next as { state: unknown; result: unknown }
    }
  }
  return { state: next, result: undefined }
}

function contextOf(
  { index, ballot, author, stamp }: DecidedCommand,
  emitted: Json[],
): CommandContext {
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
    emit(event) {
      emitted.push(event)
    },
  }
}
