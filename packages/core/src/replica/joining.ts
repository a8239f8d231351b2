/** Who wants to be fed by this leader. */
import { addJoiner, holdsNewestVote } from '../membership/members.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import { repeatPrepare } from '../protocol/prepare.ts'
import { ignore } from '../protocol/state.ts'
import type { Step } from './surroundings.ts'
import { contextOf } from './surroundings.ts'

export function onJoin(step: Step, from: ReplicaId): void {
  const { replica } = step
  const { role } = replica.protocol
  if (role.phase !== 'leading') return ignore(contextOf(step), from, 'join', 'notLeading')
  const votes = replica.peers.get(from)?.beacon?.votes ?? []
  if (holdsNewestVote(replica.protocol, votes)) return
  if (!addJoiner(replica.members, from)) return ignore(contextOf(step), from, 'join', 'full')
  if (!role.progress.has(from) && !role.refusals.has(from)) {
    repeatPrepare(contextOf(step), role, [from])
  }
}
