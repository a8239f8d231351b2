/**
 * A leader that does well and still hands over: because its page hides, because another voter has long been placed better
 * (protocol.md section 4), or because a person wants it so. It goes on leading, without appending, until the other one asks for promises.
 */
import type { Candidate } from '../election/rank.ts'
import { candidatesOf, compareCandidates, comparePlaces } from '../election/rank.ts'
import { holdsNewestVote } from '../membership/members.ts'
import type { Millis, ReplicaId } from '../protocol/ids.ts'
import {
  betterForMs,
  evaluateMs,
  handOverAbortMs,
  handOverPauseMs,
  hiddenPauseMs,
} from '../protocol/limits.ts'
import type { Leading } from '../protocol/state.ts'
import { beaconOf } from './beacon.ts'
import type { Step } from './surroundings.ts'
import { isQuiet } from './surroundings.ts'

/** Once a round, and when the page hides. True: it handed over. */
export function considerSuccession(step: Step, role: Leading): void {
  const { replica, now } = step
  const { succession, members } = replica
  if (succession.under !== undefined) {
    // Nobody came for it: whoever was asked is gone, or did not hear it.
    if (now - succession.under.at >= handOverAbortMs) succession.under = undefined
    return
  }
  if (role.gate !== undefined || members.leaving || members.leavers.size > 0) return
  if (isQuiet(replica)) handOverIfHidden(step, role)
  else handOverIfBetter(step, role)
}

function handOverIfHidden(step: Step, role: Leading): void {
  if (!isPaused(step, hiddenPauseMs)) return
  const { others } = candidatesFor(step, role)
  const best = others.find(({ beacon }) => !beacon.quiet)
  if (best !== undefined) handOverTo(step, role, best.id)
}

function handOverIfBetter(step: Step, role: Leading): void {
  const { now } = step
  const { succession } = step.replica
  const { evaluatedAt } = succession
  if (evaluatedAt !== undefined && now - evaluatedAt < evaluateMs) return
  succession.evaluatedAt = now
  const { self, others } = candidatesFor(step, role)
  const [best] = others
  if (self === undefined || best === undefined || comparePlaces(best, self) >= 0) {
    succession.betterSince = undefined
    return
  }
  succession.betterSince ??= now
  if (now - succession.betterSince < betterForMs || !isPaused(step, handOverPauseMs)) return
  handOverTo(step, role, best.id)
}

/** The voters that could take over, best first. */
export function candidatesFor(step: Step, role: Leading): Rivals {
  const { self, others } = rivalsOf(step, role)
  const fit = others.filter(({ beacon }) => !beacon.leaving && beacon.storageOk)
  return { self, others: [...fit].sort(compareCandidates) }
}

export interface Rivals {
  readonly self: Candidate | undefined
  readonly others: readonly Candidate[]
}

/** Those that hold a vote and the log of this leadership. */
function rivalsOf(step: Step, role: Leading): Rivals {
  const { replica } = step
  const { self } = replica.options
  const all = candidatesOf(replica.view, { id: self, beacon: beaconOf(step) })
  const others = all.filter(({ id, beacon }) => {
    if (id === self || beacon.nextMs === 0) return false
    const synced = role.progress.get(id)?.synced ?? false
    return synced && holdsNewestVote(replica.protocol, beacon.votes)
  })
  return { self: all.find(({ id }) => id === self), others }
}

/**
 * Who leads when this leader goes: the best placed one, as in an election; among equals who holds most, as this leader knows
 * better than any beacon. The last voters may all want to leave: one of them has to lead until others take their places.
 */
export function successorOf(step: Step, role: Leading): ReplicaId | undefined {
  const { others } = rivalsOf(step, role)
  const ackedEnd = ({ id }: Candidate): number => role.progress.get(id)?.ackedEnd ?? 0
  return [...others].sort(
    (a, b) => comparePlaces(a, b) || ackedEnd(b) - ackedEnd(a) || (a.id < b.id ? -1 : 1),
  )[0]?.id
}

function isPaused({ replica, now }: Step, pauseMs: number): boolean {
  const { handedAt } = replica.succession
  return handedAt === undefined || now - handedAt >= pauseMs
}

/** It goes on leading until the other one asks for promises. */
export function handOverTo({ replica, out, now }: Step, role: Leading, to: ReplicaId): void {
  replica.succession.handedAt = now
  replica.succession.betterSince = undefined
  replica.succession.under = { to, at: now }
  out.sendNow.push({ to, message: { type: 'takeOver', ballot: role.ballot } })
}

/** This replica was asked to lead: it is not for it to hand on at once. */
export function noteTakeOver({ succession }: Step['replica'], now: Millis): void {
  succession.handedAt = now
}
