/** What is remembered of the states of applications. Data only. */
import type { Index, VoteId } from '../protocol/ids.ts'
import type { Fingerprint } from '../protocol/message.ts'

export const noFingerprint: Fingerprint = { end: 0 as Index, hash: '' }

/** What was said, by how many entries were applied then. */
export interface Fingerprints {
  own: Fingerprint
  /** What each vote's store said last. */
  readonly said: Map<Index, Map<VoteId, string>>
}

export const noFingerprints = (): Fingerprints => ({ own: noFingerprint, said: new Map() })
