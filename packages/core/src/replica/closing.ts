/** The page goes away: what a replica still says, synchronously, and in which order. */
import { sendBeacon } from './beacon.ts'
import { successorOf } from './succession.ts'
import type { Step } from './surroundings.ts'
import { leaveVotes } from './will.ts'

/** Pagehide: first dead, then the good-byes; a leader's last word names its successor. */
export function onClose(step: Step): void {
  const { replica } = step
  const { role } = replica.protocol
  const to = role.phase === 'leading' ? successorOf(step, role) : undefined
  replica.closed = true
  sendBeacon(step)
  const { ballot } = role.phase === 'leading' ? role : { ballot: undefined }
  // An heir that gets the votes of a leader leads: its last word is one, not two.
  if (leaveVotes(step) || to === undefined || ballot === undefined) return
  step.out.sendNow.push({ to, message: { type: 'takeOver', ballot } })
}
