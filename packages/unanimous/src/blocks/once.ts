/** Things that are done once: the first content that is decided is everybody's. */
import type { Json } from '../json.ts'
import type { CommandContext, Machine } from '../machine.ts'
import { defineMachine } from '../machine.ts'
import type { ProposeOptions } from '../proposal.ts'
import { key, keysMax, record } from './arguments.ts'
import type { Ask, Host } from './host.ts'

/** What was decided under each name. */
export type Onces = Readonly<Record<string, Json>>

interface Offer {
  readonly key: string
  readonly value: Json
}

function offer(
  state: Onces,
  { key: name, value }: Offer,
  context: CommandContext,
): { readonly state: Onces; readonly result: Json } {
  const known = Object.hasOwn(state, name) ? state[name] : undefined
  if (known !== undefined) return { state, result: known }
  if (Object.keys(state).length >= keysMax) return context.refuse('TOO_MANY_KEYS')
  return { state: { ...state, [name]: value }, result: value }
}

/** The commands of `once`. */
export type OnceCommands = {
  readonly offer: typeof offer
}

/** The machine of all that is done once in a group. */
export const onceMachine: Machine<Onces, OnceCommands> = defineMachine({
  name: 'once',
  version: 1,
  initial: (): Onces => ({}),
  commands: { offer },
  validate: {
    offer(args) {
      const { key: name, value } = record(args)
      if (value === undefined) throw new TypeError('nothing was offered')
      return { key: key(name), value: value as Json }
    },
  },
})

/** A group in which things are done once. */
export type OnceHost = Host<'once', Onces, { readonly offer: Ask<Offer, Json> }>

/**
 * What was decided under `name`; if nothing is yet, what `make` gives here competes with what it gives elsewhere, and the
 * first that is decided is everybody's. `make` may run in several tabs: only one result is used.
 *
 * @example
 * const content = await once(group, 'seed-doc', () => makeInitialContent())
 */
export async function once<T extends Json>(
  group: OnceHost,
  name: string,
  make: () => T | Promise<T>,
  options?: ProposeOptions,
): Promise<T> {
  const { once: decided } = group.state
  const known = Object.hasOwn(decided, name) ? decided[name] : undefined
  if (known !== undefined) return known as T
  const value = await make()
  return (await group.do['once.offer']({ key: name, value }, options)) as T
}
