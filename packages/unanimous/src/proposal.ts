/** What a caller gets for a command: a promise of its result, and an outcome that never rejects. */
import type { Json } from './json.ts'

/** How long to wait for a command, and who may end the wait. */
export interface ProposeOptions {
  /** Stop waiting after this many milliseconds; 30 000 unless told. */
  readonly timeoutMs?: number
  readonly abort?: AbortSignal
  /**
   * What to do while this tab sees no leader that makes progress. `queue`: wait for one, as long as `timeoutMs` says. `fail`:
   * end as `not-sent` at once. `queue` unless told.
   */
  readonly whenOffline?: 'queue' | 'fail'
}

/** Why a command certainly does not run; the sentence is in the error `NotSent`. */
export type NotSentReason =
  | 'invalid'
  | 'no-quorum'
  | 'too-large'
  | 'overloaded'
  | 'closed'
  | 'halted'
  | 'timeout'
  | 'aborted'
  | 'version'

/**
 * Why nothing is known of a command. `overtaken`: it was decided, once, while this tab was away too long to learn its result.
 * `session-expired`: an hour and more went by, so that it does not run any more; whether it ran is not known.
 */
export type UnknownReason =
  'closed' | 'halted' | 'timeout' | 'aborted' | 'overtaken' | 'session-expired'

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
  /** `detail`: of `invalid`, what the machine's `validate` said; of `version`, which one has the command. */
  | { readonly kind: 'not-sent'; readonly why: NotSentReason; readonly detail?: string }
  /** `retry` asks for the same command by the same id, and waits for it as long as was said of it before: it cannot run twice. */
  | { readonly kind: 'unknown'; readonly why: UnknownReason; readonly retry: () => Proposal<R> }

/** A command that this tab had asked for before it was reloaded, and had not heard of: it was asked for again, by the same id. */
export interface Resumed {
  readonly id: string
  /** Undefined: the bytes were no command. */
  readonly command: string | undefined
  readonly args: Json | undefined
  /** Never rejects. */
  readonly outcome: Promise<Outcome<unknown>>
}

/** Resolves with the command's result; rejects with `Refused`, `MachineError`, `NotSent` or `Unknown`. */
export interface Proposal<R> extends Promise<R> {
  /**
   * Author, start and number: a repetition does not run twice. Ends in `-` for what was not sent, and while the page is put away:
   * then it gets its number when the page is shown again.
   */
  readonly id: string
  /**
   * Resolves when the leader has the command in its log, at this index. It is not safe yet: another leader may put it
   * elsewhere, or lose it. Rejects like the proposal if that ends first.
   */
  readonly stored: Promise<{ readonly index: number }>
  /** Never rejects. */
  readonly outcome: Promise<Outcome<R>>
}
