/**
 * A group's secret in a box that one store can open, and the hash by which a secret is known. Knows keys and bytes; when a secret
 * is drawn and who gets one is for others.
 */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { GroupId, ReplicaId } from '../protocol/ids.ts'
import type { Rotation } from '../protocol/rotation.ts'

/** 128 bits: nobody guesses them. */
export const drawnBytes = 16
const hashDomain = utf8ToBytes('unanimous secret hash 1')
const boxDomain = utf8ToBytes('unanimous secret box 1')
const drawnForm = /^[0-9a-f]{32}$/
/** A key seals one box in its life, so that every nonce is a new one. */
const nonce = new Uint8Array(24)

/** Which secret, of which group. */
export interface Place {
  readonly group: GroupId
  readonly rotation: Pick<Rotation, 'number' | 'hash'>
}

/** What a new secret is as text: 32 hex digits. */
export const drawnSecret = (random: (length: number) => Uint8Array): string =>
  bytesToHex(random(drawnBytes))

/** 32 hex digits, from which nobody finds the secret. */
export const hashOfSecret = (group: GroupId, number: number, secret: string): string =>
  bytesToHex(
    sha256(concatBytes(hashDomain, utf8ToBytes(`\n${group}\n${number}\n${secret}`))).subarray(
      0,
      16,
    ),
  )

/** `pairKey`: what its maker and `store` agree on. */
export const sealBox = (
  pairKey: Uint8Array,
  place: Place & { readonly store: ReplicaId },
  secret: string,
): Uint8Array => cipherOf(pairKey, place).encrypt(hexToBytes(secret))

/** Undefined: it was made for somebody else or another place, by somebody else, or was altered. */
export function openBox(
  pairKey: Uint8Array,
  place: Place & { readonly store: ReplicaId },
  sealed: Uint8Array,
): string | undefined {
  let secret: string
  try {
    secret = bytesToHex(cipherOf(pairKey, place).decrypt(sealed))
  } catch {
    // The library throws at a tag that does not fit; there is nothing else that it could say.
    return undefined
  }
  return drawnForm.test(secret) && isSecretOf(place, secret) ? secret : undefined
}

export const isSecretOf = ({ group, rotation }: Place, secret: string): boolean =>
  hashOfSecret(group, rotation.number, secret) === rotation.hash

/** Bound to the group, the secret and the reader: what is cut out of one entry opens in no other. */
function cipherOf(
  pairKey: Uint8Array,
  { group, rotation, store }: Place & { readonly store: ReplicaId },
): ReturnType<typeof xchacha20poly1305> {
  const salt = utf8ToBytes(`${group}\n${rotation.number}\n${rotation.hash}\n${store}`)
  return xchacha20poly1305(hkdf(sha256, pairKey, salt, boxDomain, 32), nonce)
}
