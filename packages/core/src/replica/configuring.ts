/** How a leader gives its group another configuration: who votes, and what people decided. Knows not why. */
import type { Surroundings } from '../membership/voters.ts'
import { append, stampFor } from '../protocol/accept.ts'
import { joinsOf } from '../protocol/configuration.ts'
import type { VoteId } from '../protocol/ids.ts'
import { logEnd, newestConfiguration } from '../protocol/log.ts'
import type { Leading } from '../protocol/state.ts'
import type { Boxes, Rotation } from '../protocol/rotation.ts'
import type { Wishes } from '../protocol/wishes.ts'
import { wishesWith } from '../protocol/wishes.ts'
import type { Step } from './surroundings.ts'
import { contextOf, roundMsOf } from './surroundings.ts'

export function surroundingsOf(step: Step, role: Leading): Surroundings {
  const { replica, now } = step
  const { protocol: state, peers, members, options } = replica
  const { membership: policy, profile } = options
  return {
    ...{ state, role, peers, members, now, roundMs: roundMsOf(replica), policy, profile },
    standsBy: options.role === 'standby',
  }
}

interface Next {
  /** Sorted. */
  readonly voters: readonly VoteId[]
  /** As they were, unless told. */
  readonly wishes?: Wishes
  /** As it was, unless told; and then in boxes for those who vote. */
  readonly rotation?: Rotation
  readonly boxes?: Boxes
}

export function configure(
  step: Step,
  role: Leading,
  { voters, wishes, rotation, boxes }: Next,
): void {
  const { protocol } = step.replica
  const context = contextOf(step)
  const before = newestConfiguration(protocol.log)
  if (before === undefined) return
  const at = logEnd(protocol.log)
  role.gate = at
  role.configuredAt = step.now
  const joins = joinsOf(before, voters, at)
  const stamp = stampFor(context, role)
  const kept = wishesWith(wishes ?? before.wishes, voters)
  const secret = rotation ?? before.rotation
  append(context, role, [
    {
      ...{ kind: 'config', ballot: role.ballot, stamp, voters, joins },
      ...(kept.length > 0 && { wishes: kept }),
      ...(secret && { rotation: secret }),
      ...(boxes && { boxes }),
    },
  ])
}
