/** One world of the fuzzer and what came of it, as plain data that a thread can hand to another. */
import type { Verdict } from '../src/fuzz.ts'
import { fuzz, optionsFrom } from '../src/fuzz.ts'
import { Violation } from '../src/violation.ts'
import type { Witness } from './witness.ts'

export type Result =
  | { readonly ok: true; readonly verdict: Verdict }
  | { readonly ok: false; readonly message: string }

export function tryOne(seed: number, witness?: Witness): Result {
  const watchers = witness === undefined ? [] : [witness]
  try {
    return { ok: true, verdict: fuzz(optionsFrom(seed), ...watchers) }
  } catch (error) {
    // Anything else than a violation is a mistake of the simulator itself: let it be seen whole.
    if (!(error instanceof Violation)) throw error
    return { ok: false, message: error.message }
  }
}
