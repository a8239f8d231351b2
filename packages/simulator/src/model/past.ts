/** Which messages can no longer matter to a store: the argument by which the search leaves them out. */
import type { Message, ProtocolState } from '@unanimous/core/internal'
import { compareBallots, sameBallot } from '@unanimous/core/internal'

/** Its ballot can no longer do anything at this store: a higher one is promised, or it leads that ballot no more. */
export function isOver(state: ProtocolState, message: Message): boolean {
  const { promised, accepted, role, self } = state
  if (!('ballot' in message)) return false
  // What was decided stays so, whatever was promised since.
  if (message.type === 'decide' && sameBallot(message.ballot, accepted)) return false
  const order = compareBallots(message.ballot, promised)
  if (order < 0) return true
  const leads = role.phase !== 'follower' && sameBallot(role.ballot, message.ballot)
  return order === 0 && message.ballot.node === self && !leads
}

const fromLeader = new Set<Message['type']>(['prepare', 'acceptSync', 'accept', 'decide'])

/** If it changes nothing now, it never will: what a store knows of a ballot only grows, and so does what it counts. */
export function isKnown({ accepted }: ProtocolState, message: Message): boolean {
  if (message.type === 'accepted') return true
  return fromLeader.has(message.type) && 'ballot' in message && sameBallot(message.ballot, accepted)
}
