/** "Happy": believes that a leader makes progress (protocol.md section 4). Only the unhappy may nominate themselves. */
import { compareBallots, sameBallot } from '../protocol/ballot.ts'
import { isMajorityOfEach } from '../protocol/configuration.ts'
import type { Millis } from '../protocol/ids.ts'
import { stallRounds } from '../protocol/limits.ts'
import { logEnd } from '../protocol/log.ts'
import type { Leading, Preparing, ProtocolState } from '../protocol/state.ts'
import type { View } from './view.ts'
import { votesOf } from './view.ts'

export interface Circumstances {
  readonly now: Millis
  readonly roundMs: number
  readonly storageOk: boolean
  /** Own nominations since anything was decided. */
  readonly attempts: number
  /** Since when own proposals wait at the leader and nothing is decided; undefined: none do. */
  readonly waitingSince: Millis | undefined
  /** Since when this leader, which stood still, waits for a majority to say that it still follows; undefined: it does not. */
  readonly unconfirmedSince: Millis | undefined
}

/** Slow disks and links must not make every leadership end before it can decide something. */
const patienceMax = 8

export function isHappy(state: ProtocolState, view: View, circumstances: Circumstances): boolean {
  const { role } = state
  if (role.phase === 'follower') return followsHappily(view) && !waitsInVain(circumstances)
  if (seesHappierLeader(view, role)) return true
  if (!circumstances.storageOk || isStalled(state, role, circumstances)) return false
  if (isUnconfirmed(circumstances)) return false
  const followers = view.reached.filter(
    ({ beacon }) => compareBallots(beacon.followed, role.ballot) <= 0,
  )
  return isMajorityOfEach(view.configurations, votesOf(state, followers))
}

/** The leader's own beacon reaches us, and says that it is happy. */
const followsHappily = (view: View): boolean =>
  view.reached.some(
    ({ beacon }) =>
      beacon.phase !== 'follower' && beacon.happy && sameBallot(beacon.ballot, view.followed),
  )

const seesHappierLeader = (view: View, role: Preparing | Leading): boolean =>
  view.reached.some(
    ({ beacon }) => beacon.happy && compareBallots(beacon.followed, role.ballot) > 0,
  )

/** A majority that is there answers within a round; until then there is no reason to unsettle it. */
const isUnconfirmed = ({ now, roundMs, unconfirmedSince }: Circumstances): boolean =>
  unconfirmedSince !== undefined && now - unconfirmedSince > 2 * roundMs

/** Whatever the leader says of itself, as seen from here it decides nothing. */
const waitsInVain = ({ now, roundMs, waitingSince }: Circumstances): boolean =>
  waitingSince !== undefined && now - waitingSince > patienceMax * stallRounds * roundMs

/** It waits for something that does not come: promises, or a decision. */
function isStalled(
  state: ProtocolState,
  role: Preparing | Leading,
  { now, roundMs, attempts }: Circumstances,
): boolean {
  const patience = Math.min(patienceMax, 2 ** Math.max(0, attempts - 1))
  const stallMs = stallRounds * roundMs * patience
  if (now - role.progressAt <= stallMs) return false
  return role.phase === 'preparing' || state.decidedEnd < logEnd(state.log)
}
