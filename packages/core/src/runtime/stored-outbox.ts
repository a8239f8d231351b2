/** What former starts of a store asked for and did not hear of, as its disk has it. */
import { decodeHanded } from '../codec/outbox-codec.ts'
import type { Storage } from '../ports/storage.ts'
import type { Handed } from '../protocol/entry.ts'
import type { ReplicaId } from '../protocol/ids.ts'

/** In the order in which it was asked for. */
export async function loadOutbox(
  { outbox }: Storage,
  author: ReplicaId,
): Promise<readonly Handed[]> {
  const records = (await outbox?.load()) ?? []
  return records
    .map((record) => decodeHanded(record, author))
    .filter((handed) => handed !== undefined)
    .sort((a, b) => a.incarnation - b.incarnation || a.seq - b.seq)
}
