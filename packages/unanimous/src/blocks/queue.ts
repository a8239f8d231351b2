/** Queues of work: each job is done by one tab at a time, and comes back if that tab vanishes. */
import type { Json } from '../json.ts'
import type { CommandContext, Machine, MemberId } from '../machine.ts'
import { defineMachine } from '../machine.ts'
import type { ProposeOptions } from '../proposal.ts'
import { count, duration, key, keysMax, record } from './arguments.ts'
import { waitFor } from './host.ts'
import type { Ask, Host, WaitOptions } from './host.ts'

/** One job in a queue. */
export interface QueuedJob {
  /** The index of the entry that brought it: unique in the group. */
  readonly id: number
  readonly value: Json
  /** How often it was taken. */
  readonly attempt: number
  /** Who works on it; it comes back when that takes too long. */
  readonly taken?: { readonly by: MemberId; readonly fence: number; readonly until: number }
}

/** The jobs of each queue, oldest first. */
export type Queues = Readonly<Record<string, readonly QueuedJob[]>>

interface Push {
  readonly queue: string
  readonly value: Json
}

interface Take {
  readonly queue: string
  readonly visibilityMs: number
}

interface Ticket {
  readonly queue: string
  readonly id: number
  readonly fence: number
}

/** What a take came to. */
type Taken =
  | {
      readonly job: {
        readonly id: number
        readonly value: Json
        readonly attempt: number
        readonly fence: number
      }
    }
  | { readonly job: null }

const jobsOf = (state: Queues, name: string): readonly QueuedJob[] =>
  Object.hasOwn(state, name) ? (state[name] ?? []) : []

function push(
  state: Queues,
  { queue: name, value }: Push,
  context: CommandContext,
): { readonly state: Queues; readonly result: number } {
  const jobs = jobsOf(state, name)
  const known = Object.hasOwn(state, name)
  const full = jobs.length >= keysMax || (!known && Object.keys(state).length >= keysMax)
  if (full) return context.refuse('FULL')
  const job: QueuedJob = { id: context.index, value, attempt: 0 }
  return { state: { ...state, [name]: [...jobs, job] }, result: context.index }
}

/** The oldest job that nobody works on, or whose worker took too long. */
function take(
  state: Queues,
  { queue: name, visibilityMs }: Take,
  context: CommandContext,
): { readonly state: Queues; readonly result: Taken } {
  const jobs = jobsOf(state, name)
  const { now, index: fence, author: by } = context
  const free = jobs.find(({ taken }) => taken === undefined || taken.until <= now)
  if (free === undefined) return { state, result: { job: null } }
  const attempt = free.attempt + 1
  const job: QueuedJob = { ...free, attempt, taken: { by, fence, until: now + visibilityMs } }
  const { id, value } = job
  return { state: replaced(state, name, job), result: { job: { id, value, attempt, fence } } }
}

/** Refused with LOST if the job was given to another meanwhile. */
function done(state: Queues, ticket: Ticket, context: CommandContext): Queues {
  const { id } = heldJob(state, ticket, context)
  const left = jobsOf(state, ticket.queue).filter((job) => job.id !== id)
  return { ...state, [ticket.queue]: left }
}

/** Gives the job back for somebody else to do. Refused with LOST as above. */
function giveBack(state: Queues, ticket: Ticket, context: CommandContext): Queues {
  const { id, value, attempt } = heldJob(state, ticket, context)
  return replaced(state, ticket.queue, { id, value, attempt })
}

const replaced = (state: Queues, name: string, by: QueuedJob): Queues => ({
  ...state,
  [name]: jobsOf(state, name).map((job) => (job.id === by.id ? by : job)),
})

function heldJob(state: Queues, ticket: Ticket, context: CommandContext): QueuedJob {
  const job = jobsOf(state, ticket.queue).find(({ id }) => id === ticket.id)
  const mine = job?.taken?.by === context.author && job.taken.fence === ticket.fence
  return job !== undefined && mine ? job : context.refuse('LOST')
}

/** The commands of queues. */
export type QueueCommands = {
  readonly push: typeof push
  readonly take: typeof take
  readonly done: typeof done
  readonly giveBack: typeof giveBack
}

const ticketOf = (args: unknown): Ticket => {
  const { queue: name, id, fence } = record(args)
  return { queue: key(name), id: count(id), fence: count(fence) }
}

/** The machine of all queues of a group. */
export const queueMachine: Machine<Queues, QueueCommands> = defineMachine({
  name: 'queue',
  version: 1,
  initial: (): Queues => ({}),
  commands: { push, take, done, giveBack },
  validate: {
    push(args) {
      const { queue: name, value } = record(args)
      if (value === undefined) throw new TypeError('a job needs a value')
      return { queue: key(name), value: value as Json }
    },
    take(args) {
      const { queue: name, visibilityMs } = record(args)
      return { queue: key(name), visibilityMs: duration(visibilityMs) }
    },
    done: ticketOf,
    giveBack: ticketOf,
  },
})

/** A group that has queues. */
export type QueueHost = Host<
  'queue',
  Queues,
  {
    readonly push: Ask<Push, number>
    readonly take: Ask<Take, Taken>
    readonly done: Ask<Ticket, undefined>
    readonly giveBack: Ask<Ticket, undefined>
  }
>

/** A job that this tab works on. */
export interface Job<T extends Json> {
  readonly id: number
  readonly value: T
  /** 1 for the first who tries. */
  readonly attempt: number
  /** Grows with each try of each job: give it to whatever you write to. */
  readonly fence: number
  /** Takes it out of the queue. Rejects with `Refused` (LOST) if it took too long and was given to another. */
  done(options?: ProposeOptions): Promise<void>
  /** Back into the queue, for whoever comes next. Rejects as `done`. */
  giveBack(options?: ProposeOptions): Promise<void>
}

/** How a worker works. */
export interface WorkOptions extends Pick<WaitOptions, 'abort'> {
  /** A job that is not done within this is given to the next worker; 30 000 unless told. */
  readonly visibilityMs?: number
}

/** One queue of values of type T, which its users agree on. */
export interface Queue<T extends Json> {
  /** Jobs that are not done, those in work included, as this tab knows. */
  readonly length: number
  /** Resolves with the job's id. Rejects with `Refused` (FULL) above 10 000 jobs. */
  push(value: T, options?: ProposeOptions): Promise<number>
  /** Takes one job after the other, for as long as it is iterated and `abort` lets it. */
  work(options?: WorkOptions): AsyncGenerator<Job<T>, void, undefined>
}

const visibilityMsDefault = 30_000
const lookMs = 1000

/**
 * A handle on the queue `name`.
 *
 * @example
 * const jobs = queue<string>(group, 'print')
 * await jobs.push('page 1')
 * for await (const job of jobs.work()) { await print(job.value); await job.done() }
 */
export const queue = <T extends Json>(group: QueueHost, name: string): Queue<T> => ({
  get length() {
    return jobsOf(group.state.queue, name).length
  },
  push: (value, options) => group.do['queue.push']({ queue: name, value }, options),
  work: (options = {}) => work<T>(group, name, options),
})

async function* work<T extends Json>(
  group: QueueHost,
  name: string,
  { visibilityMs = visibilityMsDefault, abort }: WorkOptions,
): AsyncGenerator<Job<T>, void, undefined> {
  const seen = new Map<string, number>()
  const waiting = abort === undefined ? { everyMs: lookMs } : { everyMs: lookMs, abort }
  while (abort?.aborted !== true) {
    const found = await waitFor(group, () => worthAsking(group, name, seen), waiting).catch(
      (error: unknown) => {
        if (abort?.aborted === true) return undefined
        throw error
      },
    )
    if (found === undefined) return
    const { job } = await group.do['queue.take']({ queue: name, visibilityMs })
    if (job !== null) yield jobOf<T>(group, name, job)
  }
}

/** Nobody asks in vain: a job is free, or was in one tab's hands for as long as it may be, by this tab's clock. */
function worthAsking(group: QueueHost, name: string, seen: Map<string, number>): true | undefined {
  const now = performance.now()
  const jobs = jobsOf(group.state.queue, name)
  const present = new Set(jobs.map(({ id, taken }) => `${id}.${taken?.fence}`))
  for (const each of [...seen.keys()]) if (!present.has(each)) seen.delete(each)
  return jobs.some(({ id, taken }) => {
    if (taken === undefined) return true
    const each = `${id}.${taken.fence}`
    const since = seen.get(each) ?? now
    seen.set(each, since)
    // Local time and the log's differ: the group judges, and a wrong guess is asked once more a second later.
    return Date.now() > taken.until && now - since >= lookMs
  })
    ? true
    : undefined
}

function jobOf<T extends Json>(
  group: QueueHost,
  name: string,
  { id, value, attempt, fence }: NonNullable<Taken['job']>,
): Job<T> {
  const ticket = { queue: name, id, fence }
  return {
    ...{ id, value: value as T, attempt, fence },
    async done(options) {
      await group.do['queue.done'](ticket, options)
    },
    async giveBack(options) {
      await group.do['queue.giveBack'](ticket, options)
    },
  }
}
