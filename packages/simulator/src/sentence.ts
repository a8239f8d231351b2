/** What replicas say to each other, in sentences for people who look for a fault. */
import type { AskMessage, Ballot, Message, PieceMessage } from '@unanimous/core/internal'
import { isAskMessage, isPiece } from '@unanimous/core/internal'

export const wordBallot = ({ num, node }: Ballot): string =>
  num === 0 ? 'nothing' : `ballot ${num}.${node.slice(0, 4)}`

const plain = {
  join: 'feed me',
  leave: 'take my vote out',
  left: 'your vote is out',
  readProbe: 'do I still lead?',
  readAck: 'you lead as far as I know',
  readIndex: 'how far is the log decided?',
  declined: 'not by me: others may have room',
} as const

type Plain = Extract<Message, { type: keyof typeof plain }>

const isPlain = (message: Message): message is Plain => Object.hasOwn(plain, message.type)

const verdicts = { held: 'I hold', void: 'I never take' } as const

/** Undefined: said all the time, and tells nothing by itself. */
export function sentenceOf(message: Message): string | undefined {
  if (isCommonplace(message)) return undefined
  if (isPlain(message)) return plain[message.type]
  if (isPiece(message)) return sentenceOfPiece(message)
  if (isAskMessage(message)) return sentenceOfAsk(message)
  switch (message.type) {
    case 'prepare':
      return `will you follow ${wordBallot(message.ballot)}?`
    case 'promised':
      return `I follow ${wordBallot(message.ballot)}; I hold ${message.logEnd} entries of ${wordBallot(message.accepted)}, ${message.decidedEnd} decided`
    case 'nack':
      return `I do not follow ${wordBallot(message.ballot)}, I promised ${wordBallot(message.promised)}`
    case 'acceptSync':
      return `your log from ${message.from} on is mine of ${wordBallot(message.ballot)}, ${message.total} entries`
    case 'accept':
      return `append ${message.entries.length} entries at ${message.from} in ${wordBallot(message.ballot)}`
    case 'accepted':
      return `I hold ${message.logEnd} entries of ${wordBallot(message.ballot)}`
    case 'gap':
      return `I hold only ${message.logEnd} entries of ${wordBallot(message.ballot)}`
    case 'takeOver':
      return `lead instead of me, after ${wordBallot(message.ballot)}`
    case 'readIndexReply':
      return `at least ${message.index} are decided`
    case 'bequest':
      return `my votes ${message.votes.map((vote) => vote.slice(0, 4)).join()} are yours; I promised ${wordBallot(message.promised)} and hold ${message.logEnd} entries of ${wordBallot(message.accepted)}`
    case 'resolve':
      return `did you get what my start ${message.incarnation} left to you?`
    case 'verdict':
      return `${verdicts[message.verdict]} what your start ${message.incarnation} left to me`
    case 'welcome':
      return `this is our group, ${message.decidedEnd} decided`
    case 'relayed': {
      const { path, at, message: payload } = message
      const what = sentenceOf(payload)
      const names = path.map((id) => id.slice(0, 4)).join(' ')
      return what === undefined ? undefined : `(${at} of the way ${names}) ${what}`
    }
  }
}

const commonplace = [
  ...(['beacon', 'gossip', 'presence', 'decide', 'propose', 'probe', 'probeAck', 'noted'] as const),
  ...(['subscribe', 'stream', 'sighting'] as const),
] as const satisfies readonly Message['type'][]

type Commonplace = Extract<Message, { type: (typeof commonplace)[number] }>

const isCommonplace = (message: Message): message is Commonplace =>
  (commonplace as readonly Message['type'][]).includes(message.type)

function sentenceOfPiece(message: PieceMessage): string {
  switch (message.type) {
    case 'pull':
      return `send me your entries from ${message.from} to ${message.end}`
    case 'chunk':
      return `here are ${message.entries.length} entries from ${message.from} on`
    case 'pullSnapshot':
      return `send me your snapshot of ${message.end} entries, from ${message.at} on`
    case 'snapshotPiece':
      return `here is a piece of my snapshot of ${message.head.end} entries`
  }
}

const sentenceOfAsk = (message: AskMessage): string =>
  message.type === 'ask'
    ? `a person wants: ${message.act} ${message.about.slice(0, 4)}`
    : `to what a person wants: ${message.answer}`
