/** Barriers by name: everybody waits until enough are there, and then goes on; the next round begins. */
import type { CommandContext, Machine, MemberId } from '../machine.ts'
import { defineMachine } from '../machine.ts'
import { count, key, keysMax, record } from './arguments.ts'
import { waitFor } from './host.ts'
import type { Ask, Host, WaitOptions } from './host.ts'

/** One barrier: how many rounds are over, and who has arrived in this one. */
export interface BarrierState {
  readonly round: number
  readonly arrived: readonly MemberId[]
}

/** All barriers of a group by name. */
export type Barriers = Readonly<Record<string, BarrierState>>

interface Arrival {
  readonly key: string
  readonly parties: number
}

const fresh: BarrierState = { round: 0, arrived: [] }

const barrierOf = (state: Barriers, name: string): BarrierState =>
  Object.hasOwn(state, name) ? (state[name] ?? fresh) : fresh

/** The result is the round that the author waits for the end of. */
function arrive(
  state: Barriers,
  { key: name, parties }: Arrival,
  context: CommandContext,
): { readonly state: Barriers; readonly result: number } {
  const known = Object.hasOwn(state, name)
  if (!known && Object.keys(state).length >= keysMax) return context.refuse('TOO_MANY_KEYS')
  const { round, arrived } = barrierOf(state, name)
  const all = arrived.includes(context.author) ? arrived : [...arrived, context.author]
  const next = all.length >= parties ? { round: round + 1, arrived: [] } : { round, arrived: all }
  return { state: { ...state, [name]: next }, result: round }
}

/** The author gives up waiting. */
function depart(state: Barriers, name: string, context: CommandContext): Barriers {
  const { round, arrived } = barrierOf(state, name)
  if (!arrived.includes(context.author)) return state
  const left = arrived.filter((member) => member !== context.author)
  return { ...state, [name]: { round, arrived: left } }
}

/** The commands of barriers. */
export type BarrierCommands = {
  readonly arrive: typeof arrive
  readonly depart: typeof depart
}

/** More than any room holds. */
const partiesMax = 64

/** The machine of all barriers of a group. */
export const barrierMachine: Machine<Barriers, BarrierCommands> = defineMachine({
  name: 'barrier',
  version: 1,
  initial: (): Barriers => ({}),
  commands: { arrive, depart },
  validate: {
    arrive(args) {
      const { key: name, parties } = record(args)
      if (count(parties) < 1 || count(parties) > partiesMax) {
        throw new TypeError(`a barrier is for 1 to ${partiesMax}`)
      }
      return { key: key(name), parties: count(parties) }
    },
    depart: key,
  },
})

/** A group that has barriers. */
export type BarrierHost = Host<
  'barrier',
  Barriers,
  { readonly arrive: Ask<Arrival, number>; readonly depart: Ask<string, undefined> }
>

/** One barrier. */
export interface Barrier {
  /** Who waits now, as this tab knows. */
  readonly arrived: readonly MemberId[]
  /** Resolves with true when `parties` different tabs have arrived, with false when `waitMs` is over. */
  arrive(options?: WaitOptions): Promise<boolean>
}

/**
 * A handle on the barrier `name`, which all its users open for the same number of parties.
 *
 * @example
 * await barrier(group, 'start', { parties: 4 }).arrive()
 */
export const barrier = (
  group: BarrierHost,
  name: string,
  { parties }: { readonly parties: number },
): Barrier => ({
  get arrived() {
    return barrierOf(group.state.barrier, name).arrived
  },
  async arrive(options = {}) {
    const round = await group.do['barrier.arrive']({ key: name, parties })
    const isOver = (): true | undefined =>
      barrierOf(group.state.barrier, name).round > round ? true : undefined
    try {
      if ((await waitFor(group, isOver, options)) === true) return true
    } catch (error) {
      void group.do['barrier.depart'](name).outcome
      throw error
    }
    await group.do['barrier.depart'](name)
    return isOver() ?? false
  },
})
