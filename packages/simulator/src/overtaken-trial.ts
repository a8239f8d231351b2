/** A schedule written by hand in which what a store lacks reaches it late, while it fetches a snapshot in the place of it. */
import {
  forgetPromiser,
  logEnd,
  onCaptured,
  prepareOf,
  replicate,
  resendUnacknowledged,
  snapshotBytesMax,
} from '@unanimous/core/internal'
import type { Proposals } from './agreement.ts'
import { lead, proposer } from './cues.ts'
import type { Actor } from './stage.ts'
import { Stage } from './stage.ts'
import { captured, Tape } from './tape.ts'
import { demand } from './violation.ts'

/**
 * A leads B and C. What A sends to C is slow; A and B decide it, and A sums it up. A's link to C is made anew, and C is asked
 * to fetch the snapshot. Before the first piece of it is there, what was slow arrives, and C accepts more than the snapshot and
 * what is to follow it hold; with A it decides that, and B never hears of it. Then the snapshot arrives, and C must keep what it has.
 */
export function playOvertaken(): boolean {
  const proposals: Proposals = new Map()
  const stage = new Stage(3, proposals)
  const [a, b, c] = stage.actors
  if (a === undefined || b === undefined || c === undefined) return false
  // It is time for a snapshot of whatever is decided.
  a.state.snapshots.logBytes = -snapshotBytesMax
  const propose = proposer(stage, proposals)
  lead(stage, a, [b, c])
  stage.talk(a, b, c)
  for (let round = 0; round < 2; round += 1) {
    propose(a)
    stage.talk(a, b)
    sayAgain(stage, a)
    sumUp(stage, a)
  }
  const slow = stage.take(({ to }) => to === c)
  askAnew(stage, a, c)
  stage.talk(a, c)
  propose(a)
  stage.talk(a, b)
  const [sync] = stage.take(({ to, message }) => to === c && message.type === 'acceptSync')
  if (sync === undefined) return false
  stage.deliver(sync)
  const pulls = stage.take(({ message }) => message.type === 'pullSnapshot')
  for (const held of slow) stage.deliver(held)
  stage.talk(a, c)
  sayAgain(stage, a)
  stage.talk(a, c)
  propose(a)
  stage.take(({ to }) => to === b)
  stage.talk(a, c)
  const decided = a.state.decidedEnd
  const met = pulls.length > 0 && decided === logEnd(a.state.log)
  for (const held of pulls) stage.deliver(held)
  stage.talk(a, c)
  lead(stage, b, [c])
  stage.talk(b, c)
  demand(b.state.decidedEnd >= decided, 'durable', () => 'what A and C decided is gone')
  return met
}

/** Nobody answered for two rounds: what it sent, and all that came since, goes out once more. */
function sayAgain(stage: Stage, leader: Actor): void {
  stage.act(leader, (context) => {
    const { role } = context.state
    if (role.phase !== 'leading') return
    resendUnacknowledged(context, role, 0)
    replicate(context, role)
  })
}

/** The link between them broke and is back: who leads asks, and is answered. */
function askAnew(stage: Stage, leader: Actor, other: Actor): void {
  stage.act(leader, (context) => {
    const { state, out } = context
    forgetPromiser(context, other.id)
    out.sendNow.push({ to: other.id, message: prepareOf(state, state.accepted) })
  })
}

/** What it was asked for, as of an application that was given nothing. */
function sumUp(stage: Stage, actor: Actor): void {
  const { asked } = actor
  if (asked === undefined) return
  actor.asked = undefined
  stage.act(actor, (context) => {
    onCaptured(context, asked.end, captured(asked, new Tape()))
  })
}
