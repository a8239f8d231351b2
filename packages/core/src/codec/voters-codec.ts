/** Who decides, and since which entry each may: as configuration entries and snapshots hold it. */
import type { Index, VoteId } from '../protocol/ids.ts'
import { votersMax, wishesMax } from '../protocol/limits.ts'
import type { Configuration } from '../protocol/log.ts'
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

/** Behind everything else, and only if there are any: one flat list of stores, each with a word. */
export const packWishes = (wishes: Wishes | undefined): readonly unknown[] =>
  wishes === undefined || wishes.length === 0
    ? []
    : [wishes.flatMap(({ store, wish }) => [store, words.indexOf(wish)])]

/** Nothing, where people decided nothing. */
export function unpackWishes(reader: Reader): { readonly wishes?: Wishes } {
  if (reader.left === 0) return {}
  const list = reader.inner()
  const wishes: Wished[] = []
  while (list.left > 0) wishes.push({ store: list.replica(), wish: list.oneOf(words) })
  if (wishes.length === 0 || wishes.length > wishesMax) throw new Malformed('no wishes')
  if (new Set(wishes.map(({ store }) => store)).size < wishes.length) {
    throw new Malformed('two wishes for one store')
  }
  return { wishes }
}
