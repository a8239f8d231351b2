/** The key that all members of a group share, out of a secret that people can pass on. Knows no use of it. */
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'

export const groupKeyBytes = 32

/** Another version of what is derived is another key. */
const domain = utf8ToBytes('unanimous group key 1')

/** The same secret in two rooms gives two keys, so that nothing said in one can be said again in the other. */
export function groupKeyOf(secret: string, room: string): Uint8Array {
  return hkdf(sha256, utf8ToBytes(secret), domain, utf8ToBytes(room), groupKeyBytes)
}
