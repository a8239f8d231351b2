/** Sets in which each value belongs to the first who claimed it: user names, seats, short links. */
import type { CommandContext, Machine, MemberId } from '../machine.ts'
import { defineMachine } from '../machine.ts'
import type { ProposeOptions } from '../proposal.ts'
import { key, keysMax, record } from './arguments.ts'
import type { Ask, Host } from './host.ts'

/** Who claimed what, by the set's name and the value. */
export type UniqueSets = Readonly<Record<string, Readonly<Record<string, MemberId>>>>

/** Whether the claim came first. */
export type Claimed = { readonly won: true } | { readonly won: false; readonly by: MemberId }

interface Item {
  readonly set: string
  readonly value: string
}

const none: Readonly<Record<string, MemberId>> = {}

const setOf = (state: UniqueSets, name: string): Readonly<Record<string, MemberId>> =>
  Object.hasOwn(state, name) ? (state[name] ?? none) : none

const ownerOf = (state: UniqueSets, { set, value }: Item): MemberId | undefined => {
  const owners = setOf(state, set)
  return Object.hasOwn(owners, value) ? owners[value] : undefined
}

function claim(
  state: UniqueSets,
  item: Item,
  context: CommandContext,
): { readonly state: UniqueSets; readonly result: Claimed } {
  const by = ownerOf(state, item)
  if (by === context.author) return { state, result: { won: true } }
  if (by !== undefined) return { state, result: { won: false, by } }
  const owners = setOf(state, item.set)
  const full = owners === none && Object.keys(state).length >= keysMax
  if (full || Object.keys(owners).length >= keysMax) return context.refuse('FULL')
  const grown = { ...owners, [item.value]: context.author }
  return { state: { ...state, [item.set]: grown }, result: { won: true } }
}

/** Refused with NOT_YOURS unless the author claimed it. */
function release(state: UniqueSets, item: Item, context: CommandContext): UniqueSets {
  if (ownerOf(state, item) !== context.author) return context.refuse('NOT_YOURS')
  const left = Object.entries(setOf(state, item.set)).filter(([value]) => value !== item.value)
  return { ...state, [item.set]: Object.fromEntries(left) }
}

/** The commands of unique sets. */
export type UniqueSetCommands = {
  readonly claim: typeof claim
  readonly release: typeof release
}

function item(args: unknown): Item {
  const { set, value } = record(args)
  return { set: key(set), value: key(value) }
}

/** The machine of all unique sets of a group. */
export const uniqueSetMachine: Machine<UniqueSets, UniqueSetCommands> = defineMachine({
  name: 'uniqueSet',
  version: 1,
  initial: (): UniqueSets => ({}),
  commands: { claim, release },
  validate: { claim: item, release: item },
})

/** A group that has unique sets. */
export type UniqueSetHost = Host<
  'uniqueSet',
  UniqueSets,
  { readonly claim: Ask<Item, Claimed>; readonly release: Ask<Item, undefined> }
>

/** One set. Members are tabs: keep who a person is in the value's own meaning. */
export interface UniqueSet {
  /** Who has `value`, as this tab knows; undefined: nobody. */
  ownerOf(value: string): MemberId | undefined
  /** Claims it for this tab; claiming what is one's own wins again. */
  claim(value: string, options?: ProposeOptions): Promise<Claimed>
  /** Rejects with `Refused` (NOT_YOURS) if another tab has it, or nobody. */
  release(value: string, options?: ProposeOptions): Promise<void>
}

/**
 * A handle on the set `name`.
 *
 * @example
 * const answer = await uniqueSet(group, 'usernames').claim('zicklag')
 * if (!answer.won) console.log(`taken by ${answer.by}`)
 */
export const uniqueSet = (group: UniqueSetHost, name: string): UniqueSet => ({
  ownerOf: (value) => ownerOf(group.state.uniqueSet, { set: name, value }),
  claim: (value, options) => group.do['uniqueSet.claim']({ set: name, value }, options),
  async release(value, options) {
    await group.do['uniqueSet.release']({ set: name, value }, options)
  },
})
