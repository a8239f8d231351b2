/**
 * Whether the applications of a group still agree: every thousand entries each replica says what its state hashes to, and
 * one that differs from the others has a machine that is not deterministic. Knows hashes, not what is hashed.
 */
import { decidedConfiguration } from '../protocol/configuration.ts'
import type { VoteId } from '../protocol/ids.ts'
import type { Beacon, Fingerprint } from '../protocol/message.ts'
import { isMajority } from '../protocol/quorum.ts'
import type { Step } from './surroundings.ts'

/** A replica that is so many thousands behind is compared again when it has caught up. */
const placesMax = 8

/** The application of this replica has come so far. */
export function onOwnFingerprint(step: Step, own: Fingerprint): void {
  const { fingerprints, protocol } = step.replica
  fingerprints.own = own
  note(step, protocol.votes, own)
  compare(step)
}

/** A beacon says how far another one has come. */
export function onPeerFingerprint(step: Step, { fingerprint, votes }: Beacon): void {
  if (fingerprint.hash === '') return
  note(step, votes, fingerprint)
  if (fingerprint.end === step.replica.fingerprints.own.end) compare(step)
}

/** Only voters count, so that no more than they are remembered. */
function note({ replica }: Step, votes: readonly VoteId[], { end, hash }: Fingerprint): void {
  const { said } = replica.fingerprints
  const voters = decidedConfiguration(replica.protocol)?.voters ?? []
  const counting = votes.filter((vote) => voters.includes(vote))
  if (counting.length === 0) return
  const place = said.get(end) ?? new Map<VoteId, string>()
  for (const vote of counting) place.set(vote, hash)
  said.set(end, place)
  if (said.size <= placesMax) return
  const [oldest] = [...said.keys()].sort((a, b) => a - b)
  if (oldest !== undefined) said.delete(oldest)
}

/** Who differs from a majority of the voters is wrong, whoever leads. */
function compare({ replica, out }: Step): void {
  const { fingerprints, protocol } = replica
  const { own, said } = fingerprints
  const voters = decidedConfiguration(protocol)?.voters ?? []
  const others = new Map<string, Set<VoteId>>()
  for (const [vote, hash] of said.get(own.end) ?? []) {
    if (hash !== own.hash) others.set(hash, (others.get(hash) ?? new Set()).add(vote))
  }
  const outvoted = [...others.values()].some((votes) => isMajority(voters, votes))
  if (outvoted) out.notify.push({ type: 'diverged', end: own.end })
}
