/**
 * Leases on names: who holds one, since which entry of the log, until when, and who waits. Locks and elections are made of
 * them. Pure; time is the log's.
 */
import type { CommandContext, MemberId } from '../machine.ts'
import { duration, key, keysMax, record, waitersMax } from './arguments.ts'

/** Who has a name, or waits for it: a member may do so several times, under different tokens. */
export interface Claim {
  readonly member: MemberId
  /** The caller's own word: tells two claims of one tab apart, and a retry from a second claim. */
  readonly token: string
  readonly ttlMs: number
}

/** A name that is held. */
export interface Lease {
  readonly holder: Claim
  /** The index of the entry that granted it: grows from holder to holder. */
  readonly fence: number
  /** In the log's time; past it, the next who asks gets the name. */
  readonly until: number
  /** In the order in which they asked. */
  readonly waiters: readonly Claim[]
}

/** Names that are held; what is not here is free. */
export interface Leases {
  readonly held: Readonly<Record<string, Lease>>
}

/** What a claim came to. */
export type Granted =
  | { readonly granted: true; readonly fence: number }
  /** `until`: when to ask again at the latest. */
  | { readonly granted: false; readonly until: number }

interface Claiming {
  readonly key: string
  readonly token: string
  readonly ttlMs: number
}

interface Holding {
  readonly key: string
  readonly fence: number
}

interface Stated<R> {
  readonly state: Leases
  readonly result: R
}

const sameClaim = (a: Claim, b: Pick<Claim, 'member' | 'token'>): boolean =>
  a.member === b.member && a.token === b.token

/** Asks for a name: gets it, or waits in line. Asking again changes nothing but may get what has become free. */
export function claim(state: Leases, args: Claiming, context: CommandContext): Stated<Granted> {
  const mine: Claim = { member: context.author, token: args.token, ttlMs: args.ttlMs }
  const lease = leaseOf(state, args.key)
  if (lease === undefined) {
    if (Object.keys(state.held).length >= keysMax) return context.refuse('TOO_MANY_KEYS')
    return granted(state, args.key, { to: mine, waiters: [], context })
  }
  if (sameClaim(lease.holder, mine)) {
    return { state, result: { granted: true, fence: lease.fence } }
  }
  const waiting = lease.waiters.some((waiter) => sameClaim(waiter, mine))
  if (!waiting && lease.waiters.length >= waitersMax) return context.refuse('TOO_MANY_WAITERS')
  const waiters = waiting ? lease.waiters : [...lease.waiters, mine]
  if (context.now >= lease.until) {
    // Whoever asks first after the end gets it: those before in line may be gone, and would have asked.
    const others = waiters.filter((waiter) => !sameClaim(waiter, mine))
    return granted(state, args.key, { to: mine, waiters: others, context })
  }
  const held = { ...state.held, [args.key]: { ...lease, waiters } }
  return { state: { held }, result: { granted: false, until: lease.until } }
}

/** The holder says that it lives. Refused with LOST if it does not hold the name any more. */
export function renew(
  state: Leases,
  args: Holding,
  context: CommandContext,
): Stated<{ readonly until: number }> {
  const lease = held(state, args, context)
  const until = context.now + lease.holder.ttlMs
  return { state: { held: { ...state.held, [args.key]: { ...lease, until } } }, result: { until } }
}

/** The holder gives the name back, and the next in line has it. Refused with LOST if it does not hold it any more. */
export function release(state: Leases, args: Holding, context: CommandContext): Leases {
  const { waiters } = held(state, args, context)
  const [next, ...others] = waiters
  if (next !== undefined)
    return granted(state, args.key, { to: next, waiters: others, context }).state
  return { held: without(state.held, args.key) }
}

/** One who waits gives up; nothing happens if it does not wait, and a holder of this token releases. */
export function cancel(
  state: Leases,
  args: Pick<Claiming, 'key' | 'token'>,
  context: CommandContext,
): Leases {
  const lease = leaseOf(state, args.key)
  if (lease === undefined) return state
  const mine = { member: context.author, token: args.token }
  if (sameClaim(lease.holder, mine)) {
    return release(state, { key: args.key, fence: lease.fence }, context)
  }
  const waiters = lease.waiters.filter((waiter) => !sameClaim(waiter, mine))
  return { held: { ...state.held, [args.key]: { ...lease, waiters } } }
}

/** The commands of every machine that is made of leases. */
export const leaseCommands: LeaseCommands = { claim, renew, release, cancel }

/** Checks of their arguments. */
export const leaseValidation: {
  readonly claim: (args: unknown) => Claiming
  readonly renew: (args: unknown) => Holding
  readonly release: (args: unknown) => Holding
  readonly cancel: (args: unknown) => Pick<Claiming, 'key' | 'token'>
} = {
  claim: (args) => {
    const { key: name, token, ttlMs } = record(args)
    return { key: key(name), token: key(token), ttlMs: duration(ttlMs) }
  },
  renew: (args) => holding(args),
  release: (args) => holding(args),
  cancel: (args) => {
    const { key: name, token } = record(args)
    return { key: key(name), token: key(token) }
  },
}

/** Types of the commands above. */
export type LeaseCommands = {
  readonly claim: typeof claim
  readonly renew: typeof renew
  readonly release: typeof release
  readonly cancel: typeof cancel
}

function holding(args: unknown): Holding {
  const { key: name, fence } = record(args)
  if (typeof fence !== 'number') throw new TypeError('a fence is a number')
  return { key: key(name), fence }
}

/** Own keys only: a name must not reach into Object.prototype. */
export const leaseOf = ({ held: all }: Leases, name: string): Lease | undefined =>
  Object.hasOwn(all, name) ? all[name] : undefined

function held(state: Leases, { key: name, fence }: Holding, context: CommandContext): Lease {
  const lease = leaseOf(state, name)
  const mine = lease?.holder.member === context.author && lease.fence === fence
  return lease !== undefined && mine ? lease : context.refuse('LOST')
}

interface Grant {
  readonly to: Claim
  readonly waiters: readonly Claim[]
  readonly context: CommandContext
}

function granted(
  state: Leases,
  name: string,
  { to, waiters, context }: Grant,
): Stated<{ readonly granted: true; readonly fence: number }> {
  const { index: fence, now } = context
  const lease: Lease = { holder: to, fence, until: now + to.ttlMs, waiters }
  return { state: { held: { ...state.held, [name]: lease } }, result: { granted: true, fence } }
}

function without<T>(all: Readonly<Record<string, T>>, name: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(all).filter(([each]) => each !== name))
}
