/** Asking the group for one thing and saying what came of it. Knows outcomes; knows no application. */
import type { Outcome, Proposal } from 'unanimous'

/** Longer than a change of leader; shorter than a person waits. */
export const askOptions: { readonly timeoutMs: number } = { timeoutMs: 15_000 }

export function ask<T>(proposal: Proposal<T>): Promise<Outcome<T>> {
  // Its failure is in the outcome.
  proposal.catch(() => undefined)
  return proposal.outcome
}

/** Whoever was first, if the refusal says so; what a peer's log says is looked at, not trusted. */
export function firstOf(outcome: Outcome<unknown>): string | undefined {
  if (outcome.kind !== 'refused') return undefined
  const detail: unknown = outcome.detail
  if (typeof detail !== 'object' || detail === null || !('by' in detail)) return undefined
  return typeof detail.by === 'string' ? detail.by : undefined
}

/** Why it did not happen, in one sentence. `codes`: what the refusals of this application mean. */
export function whyNot(outcome: Outcome<unknown>, codes: Readonly<Record<string, string>>): string {
  switch (outcome.kind) {
    case 'committed':
      return ''
    case 'refused':
      return Object.hasOwn(codes, outcome.code)
        ? (codes[outcome.code] ?? '')
        : `The group refused it: ${outcome.code}.`
    case 'not-sent':
      return 'No leader was reached in time, so nothing happened.'
    case 'unknown':
      return 'No answer came back; what is shown is what was decided.'
  }
}
