/** Who decides, and since which entry each may: as configuration entries and snapshots hold it. */
import type { Index, ReplicaId, VoteId } from '../protocol/ids.ts'
import { boxBytes, keyBytes, staysMax, votersMax, votesMax, wishesMax } from '../protocol/limits.ts'
import type { Configuration } from '../protocol/log.ts'
import type { Box, Boxes, Rotation } from '../protocol/rotation.ts'
import type { Wished, Wishes } from '../protocol/wishes.ts'
import { wishes as words } from '../protocol/wishes.ts'
import { Malformed } from './malformed.ts'
import type { Reader } from './reader.ts'

type Voters = Pick<Configuration, 'voters' | 'joins'>

/** Two elements of a list: the voters, sorted, and since when, in the same order. */
export const packVoters = ({ voters, joins }: Voters): readonly unknown[] => [
  voters,
  voters.map((vote) => joins[vote] ?? 0),
]

export function unpackVoters(reader: Reader): Voters {
  const voters = reader.votes()
  const joined = reader.inner()
  const joins: Record<VoteId, Index> = {}
  let last = ''
  for (const vote of voters) {
    if (vote <= last) throw new Malformed('voters are not sorted')
    last = vote
    joins[vote] = joined.index()
  }
  joined.end()
  if (voters.length === 0 || voters.length > votersMax) throw new Malformed('no voters')
  return { voters, joins }
}

/** What people decided, and the secret that the group goes by. */
type Decided = Pick<Configuration, 'wishes' | 'rotation'>

/**
 * Behind everything else, and only as much as there is: one flat list of stores, each with a word; and then the secret that the group
 * goes by, before which the list may be empty.
 */
export const packDecided = ({ wishes = [], rotation }: Decided): readonly unknown[] => [
  ...(wishes.length === 0 && rotation === undefined
    ? []
    : [wishes.flatMap(({ store, wish }) => [store, words.indexOf(wish)])]),
  ...(rotation === undefined ? [] : [[rotation.number, rotation.hash, ...rotation.stays]]),
]

export function unpackDecided(reader: Reader): Decided {
  if (reader.left === 0) return {}
  const wishes = unpackWishes(reader.inner())
  if (reader.left > 0) {
    const rotation = unpackRotation(reader.inner())
    return { ...(wishes.length > 0 && { wishes }), rotation }
  }
  if (wishes.length === 0) throw new Malformed('no wishes')
  return { wishes }
}

function unpackWishes(list: Reader): Wishes {
  const wishes: Wished[] = []
  while (list.left > 0) wishes.push({ store: list.replica(), wish: list.oneOf(words) })
  if (wishes.length > wishesMax) throw new Malformed('too many wishes')
  if (new Set(wishes.map(({ store }) => store)).size < wishes.length) {
    throw new Malformed('two wishes for one store')
  }
  return wishes
}

function unpackRotation(list: Reader): Rotation {
  const [number, hash] = [list.count(), list.hash()]
  if (number === 0 || hash === '') throw new Malformed('no secret')
  if (list.left > staysMax) throw new Malformed('too many stores stay')
  const stays: ReplicaId[] = []
  while (list.left > 0) stays.push(list.replica())
  checkSorted(stays)
  return { number, hash, stays }
}

/** In the one entry that brings another secret: the key of who made the boxes, and each store with its own. */
export const packBoxes = (boxes: Boxes | undefined): readonly unknown[] =>
  boxes === undefined
    ? []
    : [[boxes.key, ...boxes.boxes.flatMap(({ store, sealed }) => [store, sealed])]]

export function unpackBoxes(reader: Reader): { readonly boxes?: Boxes } {
  if (reader.left === 0) return {}
  const list = reader.inner()
  const key = list.bytes(keyBytes)
  const boxes: Box[] = []
  while (list.left > 0) boxes.push({ store: list.replica(), sealed: list.bytes(boxBytes) })
  if (key.length !== keyBytes || boxes.some(({ sealed }) => sealed.length !== boxBytes)) {
    throw new Malformed('not a box')
  }
  if (boxes.length === 0 || boxes.length > votesMax) throw new Malformed('no boxes')
  checkSorted(boxes.map(({ store }) => store))
  return { boxes: { key, boxes } }
}

function checkSorted(stores: readonly ReplicaId[]): void {
  if (stores.some((store, at) => store <= (stores[at - 1] ?? ''))) {
    throw new Malformed('stores are not sorted')
  }
}
