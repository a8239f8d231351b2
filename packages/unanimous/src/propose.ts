/** From a command to a proposal: hands it to the replica, watches the caller's patience, and words its end. */
import type { Fate, Replica } from '@unanimous/core'
import { encodeCommand } from './command-codec.ts'
import type { NamedCommand } from './command-codec.ts'
import { MachineError, NotSent, Refused, Unknown } from './errors.ts'
import type { Ending } from './machine-runner.ts'
import type { NotSentReason, Outcome, Proposal, ProposeOptions } from './proposal.ts'

const timeoutMsDefault = 30_000

/** Which promise a caller waits for, and what became of it. */
type End =
  | { readonly kind: 'fate'; readonly fate: Fate<Ending> }
  | { readonly kind: 'patience'; readonly why: 'timeout' | 'aborted' }

/** Where proposals go, and what must be asked before. */
export interface Proposer {
  readonly replica: Replica<Ending>
  readonly whyInvalid: (command: NamedCommand) => string | undefined
}

export function proposeTo<R>(
  { replica, whyInvalid }: Proposer,
  command: NamedCommand,
  options: ProposeOptions = {},
): Proposal<R> {
  const notSent = (why: NotSentReason, detail?: string): Proposal<R> =>
    proposalOf(
      `${replica.id}.${replica.incarnation}.-`,
      Promise.resolve({ kind: 'not-sent', why, ...(detail === undefined ? {} : { detail }) }),
    )
  const invalid = whyInvalid(command)
  if (invalid !== undefined) return notSent('invalid', invalid)
  if (options.abort?.aborted === true) return notSent('aborted')
  if (options.whenOffline === 'fail' && replica.status().phase !== 'ready') {
    const { state } = replica.lifecycle
    return notSent(state === 'closed' || state === 'halted' ? state : 'no-quorum')
  }
  const proposed = replica.propose(encodeCommand(command))
  if (!proposed.ok) {
    return notSent(proposed.reason === 'tooLarge' ? 'too-large' : proposed.reason)
  }
  const { seq, fate, stored } = proposed
  const id = `${replica.id}.${replica.incarnation}.${seq}`
  return proposalOf(id, watch<R>(replica, { seq, fate }, options), stored)
}

async function watch<R>(
  replica: Replica<Ending>,
  { seq, fate }: { readonly seq: number; readonly fate: Promise<Fate<Ending>> },
  { timeoutMs = timeoutMsDefault, abort }: ProposeOptions,
): Promise<Outcome<R> | Threw> {
  const patience = startPatience(timeoutMs, abort)
  const first = await Promise.race<End>([
    fate.then((known) => ({ kind: 'fate', fate: known })),
    patience.ended,
  ])
  patience.stop()
  if (first.kind === 'fate') return wordFate(first.fate)
  // The caller gives up. If no leader was handed the proposal it is taken back, and its fate says so at once.
  replica.withdraw(seq)
  const later = await Promise.race([fate, settled()])
  if (later === undefined) return { kind: 'unknown', why: first.why }
  return later.kind === 'withdrawn' ? { kind: 'not-sent', why: first.why } : wordFate(later)
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
    const timer = setTimeout(() => resolve({ kind: 'patience', why: 'timeout' }), timeoutMs)
    stops.push(() => clearTimeout(timer))
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

function wordFate<R>(fate: Fate<Ending>): Outcome<R> | Threw {
  if (fate.kind === 'withdrawn') return { kind: 'not-sent', why: 'closed' }
  if (fate.kind === 'unknown') return fate
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

function proposalOf<R>(
  id: string,
  ended: Promise<Outcome<R> | Threw>,
  appended?: Promise<number>,
): Proposal<R> {
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
  return Object.assign(result, { id, stored, outcome })
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
