/** Being asked to lead: by whom, and who may. */
import { holdsVote } from '../election/view.ts'
import { sameBallot } from '../protocol/ballot.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import type { TakeOver } from '../protocol/message.ts'
import { ignore } from '../protocol/state.ts'
import { nominate } from './round.ts'
import { noteTakeOver } from './succession.ts'
import type { Step } from './surroundings.ts'
import { contextOf } from './surroundings.ts'

/** Only the leader that this store follows may name it, and only a holder of a vote may lead. */
export function onTakeOver(step: Step, from: ReplicaId, message: TakeOver): void {
  const { protocol, view } = step.replica
  const context = contextOf(step)
  if (from !== message.ballot.node || !sameBallot(message.ballot, protocol.promised)) {
    return ignore(context, from, 'takeOver', 'notOurLeader')
  }
  if (protocol.observing !== undefined || !holdsVote(protocol, view.configurations)) {
    return ignore(context, from, 'takeOver', 'noVote')
  }
  noteTakeOver(step.replica, step.now)
  nominate(step)
}
