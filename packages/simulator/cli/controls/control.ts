/** How a rule of safety is switched off, and who notices. Data only. */

export interface Edit {
  /** Below packages/core/src. */
  readonly file: string
  readonly from: string
  readonly to: string
}

/**
 * Schedules of the protocol alone, worlds of the fuzzer, worlds written by hand, or all states of a small group; `wills`: all of
 * them while a page passes its votes on.
 */
export type Hunter = 'schedules' | 'worlds' | 'trials' | 'states' | 'wills'

export const allHunters: readonly Hunter[] = ['schedules', 'worlds', 'trials', 'states', 'wills']

export interface Control {
  /** For tables and test titles. */
  readonly name: string
  /** The rule that holds otherwise, in one sentence. */
  readonly rule: string
  /** Who is known to notice; the tests hold it to that. */
  readonly noticedBy: Hunter
  /** With no seed before this one `noticedBy` notices: the tests begin here, the table at the first. */
  readonly firstSeed?: number
  /** Who notices it besides, held to it likewise. */
  readonly alsoBy?: Hunter
  readonly edits: readonly Edit[]
}

export const protocol = (file: string, from: string, to: string): Edit => ({
  file: `protocol/${file}`,
  from,
  to,
})
