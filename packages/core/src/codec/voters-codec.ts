/** Who decides, and since which entry each may: as configuration entries and snapshots hold it. */
import type { Index, VoteId } from '../protocol/ids.ts'
import { votersMax } from '../protocol/limits.ts'
import type { Configuration } from '../protocol/log.ts'
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
