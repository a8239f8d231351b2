/**
 * How a leader brings its group to another secret: it says what is to be drawn, and whoever can draw gives it in. Knows who stays
 * and who votes; knows no secret.
 */
import { isBetweenChanges } from '../membership/autopilot.ts'
import { holderOf, votesThere } from '../membership/voters.ts'
import type { Surroundings } from '../membership/voters.ts'
import { sortedPeers } from '../overlay/peers.ts'
import type { Answer } from '../protocol/ask-message.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import { storeOfVote } from '../protocol/ids.ts'
import { staysMax } from '../protocol/limits.ts'
import { newestConfiguration } from '../protocol/log.ts'
import { isMajority } from '../protocol/quorum.ts'
import { rotationsIn } from '../protocol/rotation.ts'
import type { Leading } from '../protocol/state.ts'
import { wishFor } from '../protocol/wishes.ts'
import { configure, surroundingsOf } from './configuring.ts'
import type { Input } from './input.ts'
import type { Step } from './surroundings.ts'

/** Undefined: it is on its way, or nothing can be said yet. */
export function judgeRotate(
  step: Step,
  role: Leading,
  { rotations, by }: { readonly rotations: number; readonly by: ReplicaId },
): Answer | undefined {
  const surroundings = surroundingsOf(step, role)
  const current = newestConfiguration(surroundings.state.log)
  if (current === undefined) return undefined
  // Whoever was put out shall not draw the secret that is to keep it out.
  if (wishFor(current.wishes, by) === 'out') return 'removed'
  if (rotationsIn(current) > rotations) return 'done'
  if (!isBetweenChanges(surroundings, current)) return undefined
  if (!isMajority(current.voters, votesThere(surroundings))) return 'notReached'
  step.out.notify.push({
    ...{ type: 'rotationDue', number: rotationsIn(current) + 1 },
    voters: storesOf(current.voters.map((vote) => holderOf(surroundings, vote))),
    stays: staysIn(surroundings),
  })
  return undefined
}

/** What was drawn comes too late where anything else was decided or begun since: then it is asked for again. */
export function rotate(
  step: Step,
  { rotation, boxes }: Extract<Input, { readonly type: 'rotate' }>,
): void {
  const { election, succession, protocol } = step.replica
  const { role } = protocol
  if (role.phase !== 'leading' || role.gate !== undefined) return
  if (!election.happy || succession.under !== undefined) return
  const surroundings = surroundingsOf(step, role)
  const current = newestConfiguration(protocol.log)
  if (current === undefined || !isBetweenChanges(surroundings, current)) return
  if (rotation.number !== rotationsIn(current) + 1) return
  // Any majority that goes on without this leader holds a store that can open its box, and tell the others.
  const opened = new Set(
    current.voters.filter((vote) =>
      boxes.boxes.some(({ store }) => store === holderOf(surroundings, vote)),
    ),
  )
  if (!isMajority(current.voters, opened)) return
  configure(step, role, { voters: current.voters, rotation, boxes })
}

/**
 * All that are known, less those that are out: who votes or voted, who is or was in touch, who stayed the last time, and who gave a
 * command not long ago. Beyond the bound those that are least sure to come back are left out.
 */
function staysIn({ state, peers }: Surroundings): readonly ReplicaId[] {
  const { configurations } = state.log
  const newest = configurations.at(-1)
  const known = [
    state.self,
    ...[...configurations].reverse().flatMap(({ voters }) => voters.map(storeOfVote)),
    ...sortedPeers(peers).flatMap(({ id, beacon }) => (beacon === undefined ? [] : [id])),
    ...(newest?.rotation?.stays ?? []),
    ...[...state.sessions.known.values()].reverse().map(({ author }) => author),
  ]
  const staying = [...new Set(known)].filter((id) => wishFor(newest?.wishes, id) !== 'out')
  return storesOf(staying.slice(0, staysMax))
}

const storesOf = (stores: readonly ReplicaId[]): readonly ReplicaId[] => [...new Set(stores)].sort()
