/** How a group is founded and named. Knows the genesis entry and its hash, not who may found (membership does). */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { GenesisEntry } from './entry.ts'
import type { GroupId } from './ids.ts'

/** The hash covers every field that a founder chooses; lengths keep two fields from running into each other. */
export function groupIdOf(genesis: GenesisEntry): GroupId {
  const fields = [
    'unanimous genesis 1',
    genesis.room,
    genesis.founder,
    genesis.nonce,
    String(genesis.stamp),
    `${genesis.ballot.num}.${genesis.ballot.node}`,
  ]
  return bytesToHex(
    sha256(utf8ToBytes(fields.map((field) => `${field.length}:${field}`).join(''))),
  ) as GroupId
}
