/** What a page's life does to its replica: it is hidden and shown, stands still, and goes away. */
import { considerSuccession } from './succession.ts'
import { sendBeacon } from './beacon.ts'
import { handOver } from './round.ts'
import type { Step } from './surroundings.ts'

export function onVisibility(step: Step, hidden: boolean): void {
  const { replica } = step
  if (replica.hidden === hidden) return
  replica.hidden = hidden
  const { role } = replica.protocol
  if (role.phase === 'leading' && hidden) considerSuccession(step, role)
  sendBeacon(step)
}

/** The page says that its timers stop: whoever leads hands over, and nobody waits for the next beacon. */
export function onFreezing(step: Step): void {
  const { replica } = step
  const { role } = replica.protocol
  replica.pulse.freezing = true
  if (role.phase === 'leading') handOver(step, role)
  sendBeacon(step)
}

/** Timers fire, so it is not frozen any more. */
export function onThaw(step: Step): void {
  const { pulse } = step.replica
  if (!pulse.freezing) return
  pulse.freezing = false
  sendBeacon(step)
}
