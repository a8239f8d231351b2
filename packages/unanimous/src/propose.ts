/** From a command to a proposal: hands it to the replica, watches the caller's patience, and words its end. */
import type { Fate, ProposalId, Replica, Resumed } from '@unanimous/core'
import { whenAborted } from './abort.ts'
import { encodeCommand } from './command-codec.ts'
import type { NamedCommand } from './command-codec.ts'
import { MachineError, NotSent, Refused, Unknown } from './errors.ts'
import type { Ending, WhyNot } from './machine-runner.ts'
import type { NotSentReason, Outcome, Proposal, ProposeOptions } from './proposal.ts'

const timeoutMsDefault = 30_000

/** Which promise a caller waits for, and what became of it. */
type End =
  | { readonly kind: 'fate'; readonly fate: Fate<Ending> }
  | { readonly kind: 'patience'; readonly why: 'timeout' | 'aborted' }

/** Where proposals go, and what must be asked before. */
export interface Proposer {
  /** Of the present stay; of the last one, when there is none. */
  readonly replica: () => Replica<Ending>
  /** Undefined: the page is here, or ended for good. Resolves when either becomes true. */
  readonly absence: () => Promise<void> | undefined
  /** Why the command must not leave the tab. */
  readonly whyNot: (command: NamedCommand) => WhyNot | undefined
}

/** A proposal that a replica was given. */
interface Given {
  readonly replica: Replica<Ending>
  readonly id: ProposalId
  readonly fate: Promise<Fate<Ending>>
}

/** A proposal before it has ended; while the page is put away it has no number yet. */
interface Course<R> {
  id: string
  readonly ended: Promise<Outcome<R> | Threw>
  readonly stored?: Promise<number>
}

export function proposeTo<R>(
  proposer: Proposer,
  command: NamedCommand,
  options: ProposeOptions = {},
): Proposal<R> {
  return proposalOf(courseOf<R>(proposer, command, options))
}

/** A proposal that was in doubt when a former start of this store ended, and is asked for again. */
export function resumedBy<R>(
  proposer: Proposer,
  replica: Replica<Ending>,
  { id, fate, stored }: Resumed<Ending>,
): Proposal<R> {
  const ended = watch<R>(proposer, { replica, id, fate }, { timeoutMs: Infinity })
  return proposalOf({ id: wordId(id), ended, stored })
}

const wordId = ({ author, incarnation, seq }: ProposalId): string =>
  `${author}.${incarnation}.${seq}`

function courseOf<R>(
  proposer: Proposer,
  command: NamedCommand,
  options: ProposeOptions,
): Course<R> {
  const replica = proposer.replica()
  const { id: author, incarnation } = replica
  const notSent = (why: NotSentReason, detail?: string): Course<R> => ({
    id: `${author}.${incarnation}.-`,
    ended: Promise.resolve({
      ...{ kind: 'not-sent', why },
      ...(detail === undefined ? {} : { detail }),
    }),
  })
  const whyNot = proposer.whyNot(command)
  if (whyNot !== undefined) return notSent(whyNot.why, whyNot.detail)
  if (options.abort?.aborted === true) return notSent('aborted')
  const absence = proposer.absence()
  if (options.whenOffline === 'fail' && replica.status().phase !== 'ready') {
    const { state } = replica.lifecycle
    const ended = absence === undefined && (state === 'closed' || state === 'halted')
    return notSent(ended ? state : 'no-quorum')
  }
  if (absence !== undefined) return laterCourse(proposer, { command, options, absence })
  const proposed = replica.propose(encodeCommand(command))
  if (!proposed.ok) {
    return notSent(proposed.reason === 'tooLarge' ? 'too-large' : proposed.reason)
  }
  const { seq, fate, stored } = proposed
  const id = { author, incarnation, seq }
  const again = (): Course<R> => courseOf(proposer, command, options)
  return {
    id: wordId(id),
    stored,
    ended: watch<R>(proposer, { replica, id, fate }, options, again),
  }
}

interface Postponed {
  readonly command: NamedCommand
  readonly options: ProposeOptions
  readonly absence: Promise<void>
}

/** The page is put away: nobody is asked before it is shown again. Its timers stand still, and so does the caller's patience. */
function laterCourse<R>(proposer: Proposer, { command, options, absence }: Postponed): Course<R> {
  const { id: author, incarnation } = proposer.replica()
  const { aborted, stop } = whenAborted(options.abort)
  const course: Course<R> = {
    id: `${author}.${incarnation}.-`,
    ended: Promise.race([
      absence.then(() => 'back' as const),
      aborted.then(() => 'aborted' as const),
    ]).then((first) => {
      stop()
      if (first === 'aborted') return { kind: 'not-sent', why: 'aborted' }
      const next = courseOf<R>(proposer, command, options)
      course.id = next.id
      return next.ended
    }),
  }
  return course
}

/** `again`: asks once more for what certainly was not asked for. */
async function watch<R>(
  proposer: Proposer,
  given: Given,
  options: ProposeOptions,
  again?: () => Course<R>,
): Promise<Outcome<R> | Threw> {
  const { replica, id, fate } = given
  const { timeoutMs = timeoutMsDefault, abort } = options
  const patience = startPatience(timeoutMs, abort)
  const first = await Promise.race<End>([
    fate.then((known) => ({ kind: 'fate', fate: known })),
    patience.ended,
  ])
  patience.stop()
  if (first.kind === 'fate') {
    // The stay ended because the page was put away: the next one goes on with it.
    if (proposer.absence() !== undefined && isOpen(first.fate)) {
      if (first.fate.kind !== 'withdrawn') return retried<R>(proposer, given, options)
      if (again !== undefined) return again().ended
    }
    return wordFate(first.fate, () => retry(proposer, given, options))
  }
  // The caller gives up. If no leader was handed the proposal it is taken back, and its fate says so at once.
  if (id.incarnation === replica.incarnation) replica.withdraw(id.seq)
  const later = await Promise.race([fate, settled()])
  if (later?.kind === 'withdrawn') return { kind: 'not-sent', why: first.why }
  const asked = (): Proposal<R> => retry(proposer, given, options)
  return later === undefined
    ? { kind: 'unknown', why: first.why, retry: asked }
    : wordFate(later, asked)
}

const isOpen = (fate: Fate<Ending>): boolean =>
  fate.kind === 'withdrawn' || (fate.kind === 'unknown' && fate.why === 'closed')

/** Asks for the same proposal, by the same id: it cannot run twice. */
function retry<R>(proposer: Proposer, given: Given, options: ProposeOptions): Proposal<R> {
  return proposalOf({ id: wordId(given.id), ended: retried<R>(proposer, given, options) })
}

async function retried<R>(
  proposer: Proposer,
  given: Given,
  options: ProposeOptions,
): Promise<Outcome<R> | Threw> {
  await proposer.absence()
  const replica = proposer.replica()
  if (replica === given.replica) return watch<R>(proposer, given, options)
  const word = wordId(given.id)
  const resumed = replica.resumed.find(({ id }) => wordId(id) === word)
  if (resumed !== undefined) return watch<R>(proposer, { ...resumed, replica }, options)
  // It was not kept: nobody asks for it any more.
  return wordFate(await given.fate, () => retry(proposer, given, options))
}

/** After every microtask that the withdrawal takes: the replica's loop and its writer. */
const settled = (): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), 0))

function startPatience(
  timeoutMs: number,
  abort: AbortSignal | undefined,
): { readonly ended: Promise<End>; readonly stop: () => void } {
  const stops: (() => void)[] = []
  const ended = new Promise<End>((resolve) => {
    if (timeoutMs < Infinity) {
      const timer = setTimeout(() => resolve({ kind: 'patience', why: 'timeout' }), timeoutMs)
      stops.push(() => clearTimeout(timer))
    }
    const onAbort = (): void => resolve({ kind: 'patience', why: 'aborted' })
    if (abort?.aborted === true) onAbort()
    abort?.addEventListener('abort', onAbort, { once: true })
    stops.push(() => abort?.removeEventListener('abort', onAbort))
  })
  return { ended, stop: () => stops.forEach((stop) => stop()) }
}

/** A handler that threw: for `outcome` a refusal like any other, for the promise an error of its own. */
interface Threw {
  readonly kind: 'threw'
  readonly index: number
  readonly message: string
}

function wordFate<R>(fate: Fate<Ending>, retry: () => Proposal<R>): Outcome<R> | Threw {
  if (fate.kind === 'withdrawn') return { kind: 'not-sent', why: 'closed' }
  if (fate.kind === 'unknown') return { ...fate, retry }
  const { index, result: ending } = fate
  switch (ending.kind) {
    case 'done':
      return { kind: 'committed', index, result: ending.result as R }
    case 'refused':
      return { kind: 'refused', index, code: ending.code, detail: ending.detail }
    case 'threw':
      return { kind: 'threw', index, message: ending.message }
  }
}

function proposalOf<R>(course: Course<R>): Proposal<R> {
  const { ended, stored: appended } = course
  const outcome = ended.then((end): Outcome<R> => {
    if (end.kind !== 'threw') return end
    return { kind: 'refused', index: end.index, code: 'machine-threw', detail: end.message }
  })
  const result = ended.then((end) => {
    if (end.kind === 'committed') return end.result
    throw errorOf(end)
  })
  // Whoever looks only at `outcome` need not catch the promise too.
  result.catch(() => undefined)
  const stored = storedOf(ended, appended)
  stored.catch(() => undefined)
  const proposal = Object.assign(result, { id: course.id, stored, outcome })
  return Object.defineProperty(proposal, 'id', { get: () => course.id, enumerable: true })
}

/** Whichever comes first: the leader's log, or an end that says where the command stands or why it does not. */
async function storedOf(
  ended: Promise<Outcome<unknown> | Threw>,
  appended: Promise<number> | undefined,
): Promise<{ readonly index: number }> {
  const settled = ended.then((end) => {
    if (end.kind === 'not-sent' || end.kind === 'unknown') throw errorOf(end)
    return end.index
  })
  return { index: await (appended === undefined ? settled : Promise.race([appended, settled])) }
}

function errorOf(end: Exclude<Outcome<unknown> | Threw, { kind: 'committed' }>): Error {
  switch (end.kind) {
    case 'refused':
      return new Refused(end)
    case 'threw':
      return new MachineError(`The machine threw while it ran this command: ${end.message}`)
    case 'not-sent':
      return new NotSent(end.why, end.detail)
    case 'unknown':
      return new Unknown()
  }
}
