/** What a caller gets for a command: a promise of its result, and an outcome that never rejects. */
import type { Json } from './json.ts'

/** How long to wait for a command, and who may end the wait. */
export interface ProposeOptions {
  /** Stop waiting after this many milliseconds; 30 000 unless told. */
  readonly timeoutMs?: number
  readonly abort?: AbortSignal
}

/** Why a command certainly does not run; the sentence is in the error `NotSent`. */
export type NotSentReason = 'too-large' | 'overloaded' | 'closed' | 'halted' | 'timeout' | 'aborted'

/**
 * The four honest ends of a proposal. `unknown`: it was handed to a leader and nothing was heard of it in time; it may have
 * been decided, or may be yet.
 */
export type Outcome<R> =
  | { readonly kind: 'committed'; readonly index: number; readonly result: R }
  | {
      readonly kind: 'refused'
      readonly index: number
      readonly code: string
      readonly detail: Json | undefined
    }
  | { readonly kind: 'not-sent'; readonly why: NotSentReason }
  | { readonly kind: 'unknown'; readonly why: 'closed' | 'halted' | 'timeout' | 'aborted' }

/** Resolves with the command's result; rejects with `Refused`, `MachineError`, `NotSent` or `Unknown`. */
export interface Proposal<R> extends Promise<R> {
  /** Author, start and number: a repetition does not run twice. */
  readonly id: string
  /** Never rejects. */
  readonly outcome: Promise<Outcome<R>>
}
