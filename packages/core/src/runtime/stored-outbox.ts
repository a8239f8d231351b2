/** What former starts of a store asked for and did not hear of, as its disk has it. */
import type { Bundle } from '../codec/outbox-codec.ts'
import { decodeBundle } from '../codec/outbox-codec.ts'
import type { Storage } from '../ports/storage.ts'
import type { Handed } from '../protocol/entry.ts'
import type { ReplicaId } from '../protocol/ids.ts'

export async function loadOutbox(
  { outbox }: Storage,
  author: ReplicaId,
): Promise<readonly Bundle[]> {
  const records = (await outbox?.load()) ?? []
  return records
    .map((record) => decodeBundle(record, author))
    .filter((bundle) => bundle !== undefined)
}

/** In the order in which it was asked for. */
export const handedIn = (bundles: readonly Bundle[]): readonly Handed[] =>
  bundles
    .flatMap(({ handed }) => handed)
    .sort((a, b) => a.incarnation - b.incarnation || a.seq - b.seq)
