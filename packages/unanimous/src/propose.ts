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

export function proposeTo<R>(
  replica: Replica<Ending>,
  command: NamedCommand,
  options: ProposeOptions = {},
): Proposal<R> {
  const proposed = replica.propose(encodeCommand(command))
  if (!proposed.ok) {
    const reasons = { tooLarge: 'too-large', overloaded: 'overloaded' } as const
    const { reason } = proposed
    const why: NotSentReason =
      reason === 'tooLarge' || reason === 'overloaded' ? reasons[reason] : reason
    return proposalOf(
      `${replica.id}.${replica.incarnation}.-`,
      Promise.resolve({ kind: 'not-sent', why }),
    )
  }
  const { seq, fate } = proposed
  const id = `${replica.id}.${replica.incarnation}.${seq}`
  return proposalOf(id, watch<R>(replica, { seq, fate }, options))
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

function proposalOf<R>(id: string, ended: Promise<Outcome<R> | Threw>): Proposal<R> {
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
  return Object.assign(result, { id, outcome })
}

function errorOf(end: Exclude<Outcome<unknown> | Threw, { kind: 'committed' }>): Error {
  switch (end.kind) {
    case 'refused':
      return new Refused(end)
    case 'threw':
      return new MachineError(`The machine threw while it ran this command: ${end.message}`)
    case 'not-sent':
      return new NotSent(end.why)
    case 'unknown':
      return new Unknown()
  }
}
