/** The page goes away: what a replica still says, synchronously, and in which order. */
import type { Envelope } from '../protocol/message.ts'
import { sendBeacon } from './beacon.ts'
import { successorOf } from './succession.ts'
import type { Step } from './surroundings.ts'
import { leaveVotes } from './will.ts'

/** Pagehide: first dead, then the good-byes; a leader's last word names its successor. */
export function onClose(step: Step): void {
  const last = takeOverBy(step)
  step.replica.closed = true
  sendBeacon(step)
  // An heir that gets the votes of a leader leads: its last word is one, not two.
  if (!leaveVotes(step) && last !== undefined) step.out.sendNow.push(last)
}

function takeOverBy(step: Step): Envelope | undefined {
  const { role } = step.replica.protocol
  if (role.phase !== 'leading') return undefined
  const to = successorOf(step, role)
  return to === undefined ? undefined : { to, message: { type: 'takeOver', ballot: role.ballot } }
}
