/** What stores say to each other about votes that are passed on, as the fields of a frame. */
import { votesMax } from '../protocol/limits.ts'
import type { Will } from '../protocol/message.ts'
import type { EntriesCodec } from './entries-codec.ts'
import { Malformed } from './malformed.ts'
import type { Reader } from './reader.ts'

const verdicts = ['held', 'void'] as const

export function packWill(message: Will, entries: EntriesCodec): unknown[] {
  switch (message.type) {
    case 'bequest': {
      const { incarnation, votes, promised, accepted, logEnd, decidedEnd, tailFrom, tail } = message
      return [
        ...[incarnation, votes, promised.num, promised.node, accepted.num, accepted.node],
        ...[logEnd, decidedEnd, tailFrom, entries.encode(tail)],
      ]
    }
    case 'resolve':
      return [message.incarnation]
    case 'verdict': {
      const { to, incarnation, verdict, votes } = message
      return [to, incarnation, verdicts.indexOf(verdict), votes]
    }
    case 'noted':
      return []
  }
}

export function unpackWill(
  reader: Reader,
  type: Will['type'],
  batch: () => ReturnType<EntriesCodec['decode']>,
): Will {
  switch (type) {
    case 'bequest': {
      const message: Will = {
        ...{ type, incarnation: reader.incarnation(), votes: reader.votes() },
        ...{ promised: reader.ballot(), accepted: reader.ballot(), logEnd: reader.index() },
        ...{ decidedEnd: reader.index(), tailFrom: reader.index(), tail: batch() },
      }
      if (message.decidedEnd > message.logEnd) throw new Malformed('decided more than it holds')
      if (message.votes.length === 0 || message.votes.length > votesMax) {
        throw new Malformed('nothing is left')
      }
      return message
    }
    case 'resolve':
      return { type, incarnation: reader.incarnation() }
    case 'verdict':
      return {
        ...{ type, to: reader.replica(), incarnation: reader.incarnation() },
        ...{ verdict: reader.oneOf(verdicts), votes: reader.votes() },
      }
    case 'noted':
      return { type }
  }
}
