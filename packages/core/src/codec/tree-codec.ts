/** What observers and those who feed them say, as lists of what the packer knows, and back. Knows no frames. */
import { presenceBytesMax, treeDepthMax, treeFanOut } from '../protocol/limits.ts'
import type { TreeMessage } from '../protocol/tree-message.ts'
import { two } from './beacon-codec.ts'
import type { EntriesCodec } from './entries-codec.ts'
import { Malformed } from './malformed.ts'
import type { Reader } from './reader.ts'

export function packTree(message: TreeMessage, entries: EntriesCodec): unknown[] {
  switch (message.type) {
    case 'subscribe':
      return [message.from, message.below, message.again]
    case 'stream': {
      const { ballot, ageMs, path, from, summed } = message
      return [...two(ballot), ageMs, path, from, summed, entries.encode(message.entries)]
    }
    case 'declined':
      return [message.configIndex, message.instead]
    case 'sighting':
      return [message.member, message.incarnation, message.seq, message.shown]
  }
}

/** The fields are read in the order in which they stand here. */
export function unpackTree(
  reader: Reader,
  type: TreeMessage['type'],
  batch: () => ReturnType<EntriesCodec['decode']>,
): TreeMessage {
  switch (type) {
    case 'subscribe':
      return { type, from: reader.index(), below: reader.count(), again: reader.flag() }
    case 'stream': {
      const head = { ballot: reader.ballot(), ageMs: reader.count() }
      const path = reader.replicas(treeDepthMax)
      // It comes from somebody, and nobody is twice on a way from the root of a tree.
      if (path.length === 0 || new Set(path).size < path.length) throw new Malformed('not a path')
      return { type, ...head, path, from: reader.index(), summed: reader.flag(), entries: batch() }
    }
    case 'declined':
      return { type, configIndex: reader.index(), instead: reader.replicas(treeFanOut) }
    case 'sighting':
      return {
        ...{ type, member: reader.replica(), incarnation: reader.incarnation() },
        ...{ seq: reader.count(), shown: reader.bytes(presenceBytesMax) },
      }
  }
}
