/**
 * Who a store is: a key pair that is made with its database and never leaves it. Knows how two stores come to a secret of
 * their own; not what they say under it.
 */
import { x25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { ReplicaId } from '../protocol/ids.ts'
import { replicaId } from '../protocol/ids.ts'

export const secretBytes = 32
const publicKeyBytes = 32

/** Whatever is derived for another purpose, or by another version, is another secret. */
const pairDomain = utf8ToBytes('unanimous pair key 1')

/** A store's key pair. Its secret half is nowhere else. */
export interface Keys {
  /** X25519, 32 bytes; `idOfKey` of it is the store's id. */
  readonly publicKey: Uint8Array
  /**
   * The secret of this store and the one with that public key, 32 bytes, the same from both ends and known to nobody else.
   * Undefined: no secret can be shared with such a key (its length or its order is wrong). Costs about a millisecond, so it
   * is for the caller to remember.
   */
  agree(other: Uint8Array): Uint8Array | undefined
}

/** `secret`: 32 bytes that nobody else has. */
export function keysOf(secret: Uint8Array): Keys {
  const publicKey = x25519.getPublicKey(secret)
  return { publicKey, agree: (other) => agree(secret, publicKey, other) }
}

/** The first 128 bits of the key's SHA-256: whoever shows the key shows whose it is. */
export const idOfKey = (publicKey: Uint8Array): ReplicaId =>
  replicaId(bytesToHex(sha256(publicKey).subarray(0, 16)))

function agree(
  secret: Uint8Array,
  publicKey: Uint8Array,
  other: Uint8Array,
): Uint8Array | undefined {
  if (other.length !== publicKeyBytes) return undefined
  let shared: Uint8Array
  try {
    shared = x25519.getSharedSecret(secret, other)
  } catch {
    // A point of low order: what comes out does not depend on our secret, so that everybody knows it.
    return undefined
  }
  const ends = [publicKey, other].sort((a, b) => (bytesToHex(a) < bytesToHex(b) ? -1 : 1))
  return hkdf(sha256, shared, undefined, concatBytes(pairDomain, ...ends), 32)
}
