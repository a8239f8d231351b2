/**
 * What the two ends of a link must know to be let in: the group's secret, and the secret half of the key that their id is
 * the hash of. Bound to this very connection, so that nobody can stand between the two. Pure; knows no frames.
 */
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'

export const proofBytes = 32

const domain = utf8ToBytes('unanimous link 1')

/** One end as both saw it. */
export interface ProvenEnd {
  readonly wireVersion: number
  readonly publicKey: Uint8Array
  readonly nonce: Uint8Array
  /** By which DTLS knows this end; see `fingerprintsOf`. */
  readonly fingerprints: string
}

export interface ProofParts {
  /** What the two stores agreed on: nobody else knows it. */
  readonly pairKey: Uint8Array
  readonly groupKey: Uint8Array
  readonly dialer: ProvenEnd
  readonly answerer: ProvenEnd
}

/** What each end has to show. The two differ, so that neither can be sent back to where it came from. */
export interface Proofs {
  readonly dialer: Uint8Array
  readonly answerer: Uint8Array
}

export function proofsOf({ pairKey, groupKey, dialer, answerer }: ProofParts): Proofs {
  const transcript = sha256(concatBytes(domain, bytesOf(dialer), bytesOf(answerer)))
  const keys = hkdf(sha256, concatBytes(pairKey, groupKey), transcript, domain, 2 * proofBytes)
  return {
    dialer: hmac(sha256, keys.subarray(0, proofBytes), transcript),
    answerer: hmac(sha256, keys.subarray(proofBytes), transcript),
  }
}

/** Every part has a fixed length or its length before it: no two ends give the same bytes. */
function bytesOf({ wireVersion, publicKey, nonce, fingerprints }: ProvenEnd): Uint8Array {
  const words = utf8ToBytes(fingerprints)
  const numbers = new Uint8Array(8)
  const view = new DataView(numbers.buffer)
  view.setUint32(0, wireVersion)
  view.setUint32(4, words.length)
  return concatBytes(numbers, publicKey, nonce, words)
}

/** Takes the same time wherever the two differ. */
export function isSameProof(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length
  for (let at = 0; at < one.length; at++) difference |= (one[at] ?? 0) ^ (other[at] ?? 0)
  return difference === 0
}

/** The lines of a description that name the certificates of its end, in order; empty where there are none. */
export function fingerprintsOf(sdp: string): string {
  const lines = sdp.split(/\r?\n/).filter((line) => line.startsWith('a=fingerprint:'))
  return [...new Set(lines)].sort().join('\n')
}
