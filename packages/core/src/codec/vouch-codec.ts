/** What vouches for a beacon that others pass on: a key, and a tag for each receiver. */
import { keyBytes, tagBytes, vouchedMax } from '../protocol/limits.ts'
import type { Vouch } from '../protocol/message.ts'
import { Malformed } from './malformed.ts'
import type { Reader } from './reader.ts'

export function unpackVouch(reader: Reader): Vouch {
  const key = reader.bytes(keyBytes)
  const receivers = reader.replicas(vouchedMax)
  const tags = reader.bytes(vouchedMax * tagBytes)
  if (key.length !== keyBytes && key.length + receivers.length > 0) {
    throw new Malformed('not a key')
  }
  if (tags.length !== receivers.length * tagBytes) throw new Malformed('not a tag for each')
  return { key, receivers, tags }
}
