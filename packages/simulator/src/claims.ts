/**
 * What votes were cast for, and by whom (bequest.md section 5). J1: no vote can be cast by two stores. J2: whoever casts a vote
 * covers all that it was cast for before, by whatever store; so no vote accepts below a ballot that it promised. Watches
 * frames and stores with a god's view, knows nothing of how votes are passed on.
 */
import type {
  Ballot,
  Effects,
  Message,
  ProtocolState,
  ReplicaId,
  VoteId,
} from '@unanimous/core/internal'
import { compareBallots } from '@unanimous/core/internal'
import type { Disk } from './disk.ts'
import { demand } from './violation.ts'

export interface Claimed {
  /** The highest ballot that the vote promised or accepted in. */
  readonly promised: Ballot
  /** The largest log that it was cast for. */
  readonly accepted: Ballot
  readonly logEnd: number
}

/** A message that casts votes. */
export type Answer = Extract<Message, { type: 'promised' | 'accepted' }>

export class Claims {
  readonly #claimed = new Map<VoteId, Claimed>()

  /** A store says this of its disk, in the name of its votes; also to itself. */
  sent(name: string, message: Message): void {
    if (message.type !== 'promised' && message.type !== 'accepted') return
    for (const vote of message.votes) {
      this.#claimed.set(vote, claimed(this.#claimed.get(vote), vote, { name, message }))
    }
  }
}

/** What the vote is cast for once `message` says so in its name. Throws a Violation of J2. */
export function claimed(
  before: Claimed | undefined,
  vote: VoteId,
  { name, message }: { readonly name: string; readonly message: Answer },
): Claimed {
  const { ballot, logEnd } = message
  const accepted = message.type === 'promised' ? message.accepted : ballot
  const words = (): string =>
    `${name} casts ${vote.slice(0, 4)}${vote.slice(32)} with ${message.type} in ${wordBallot(ballot)}, log ${logEnd} of ${wordBallot(accepted)}; it was cast in ${wordBallot(before?.promised)}, log ${before?.logEnd ?? 0} of ${wordBallot(before?.accepted)}`
  if (before !== undefined) {
    demand(compareBallots(ballot, before.promised) >= 0, 'J2', words)
    const order = compareBallots(accepted, before.accepted) || logEnd - before.logEnd
    demand(order >= 0, 'J2', words)
  }
  // What a promise reports is true of its store; what the vote was cast for is only what it accepted.
  if (message.type === 'accepted') return { promised: ballot, accepted, logEnd }
  const known = before ?? { accepted: zero, logEnd: 0 }
  return { promised: ballot, accepted: known.accepted, logEnd: known.logEnd }
}

const zero: Ballot = { num: 0, node: '' as ReplicaId }

const wordBallot = (ballot: Ballot = zero): string => `${ballot.num}.${ballot.node.slice(0, 4)}`

/** How many bequests a step took. */
export const takenIn = ({ persist }: Effects): number =>
  persist.filter((op) => op.type === 'receipt' && op.receipt.verdict === 'held').length

/** What an open store may cast; what a closed one, without a state, could cast as soon as it opens. */
export function casterOf(
  { name, id, disk }: { readonly name: string; readonly id: ReplicaId; readonly disk: Disk },
  state: Pick<ProtocolState, 'votes'> | undefined,
): { readonly name: string; readonly votes: readonly VoteId[] } {
  if (state !== undefined) return { name, votes: state.votes }
  const { votes, armed } = disk.estateFor(id)
  return { name, votes: armed === undefined ? votes : [] }
}

/** `casters`: every store, with the votes that it may cast now or, while it is closed, could cast as soon as it opens. */
export function demandSingleCasters(
  casters: readonly { readonly name: string; readonly votes: readonly VoteId[] }[],
): void {
  const known = new Map<VoteId, string>()
  for (const { name, votes } of casters) {
    for (const vote of votes) {
      const other = known.get(vote)
      demand(
        other === undefined,
        'J1',
        () => `${other ?? ''} and ${name} can both cast ${vote.slice(0, 4)}${vote.slice(32)}`,
      )
      known.set(vote, name)
    }
  }
}
