/** Who a store is: a key pair that is made with its database and never leaves it. */
import { x25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { ReplicaId } from '../protocol/ids.ts'
import { replicaId } from '../protocol/ids.ts'

export const secretBytes = 32

/** The first 128 bits of the hash of the public key. */
export function replicaIdOf(secret: Uint8Array): ReplicaId {
  const publicKey = x25519.getPublicKey(secret)
  return replicaId(bytesToHex(sha256(publicKey).subarray(0, 16)))
}
