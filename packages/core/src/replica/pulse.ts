/**
 * A page that stands still does not know it until it goes on: then nobody is late by that, and it doubts itself before it
 * doubts others (protocol.md section 7). Compares each input's moment with the last tick's.
 */
import { excuse } from '../overlay/failure-detector.ts'
import type { Millis } from '../protocol/ids.ts'
import { beaconHiddenMs, doubtMax, pauseMs, sleepMs, tickMs } from '../protocol/limits.ts'
import { startConfirmation } from './confirmation.ts'
import type { Input } from './input.ts'
import type { ReplicaState } from './state.ts'
import type { Step } from './surroundings.ts'

/** Before anything is judged by the clock: whatever the first input after a pause is, it must not be held against peers. */
export function noticePause(step: Step, input: Input): void {
  const { replica, now, wall } = step
  const { pulse } = replica
  const { beat } = pulse
  const turns = input.type === 'visibility' && input.hidden !== replica.hidden
  if (beat !== undefined && !pulse.excused && !turns) {
    const periodMs = replica.hidden ? beaconHiddenMs : tickMs
    const gapMs = now - beat.now - periodMs
    const sleptMs = Math.abs(wall - beat.wall - (now - beat.now))
    if (gapMs > Math.max(2 * periodMs, pauseMs) || sleptMs > sleepMs) {
      pulse.beat = { now, wall }
      onPause(step, Math.max(0, gapMs), Math.max(gapMs, sleptMs))
    }
  }
  if (input.type === 'tick' || turns) {
    pulse.beat = { now, wall }
    pulse.excused = turns
  }
}

/** `gapMs`: by the clock that peers are judged with; `awayMs`: in truth. */
function onPause(step: Step, gapMs: number, awayMs: number): void {
  const { replica, now } = step
  const { pulse, protocol, peers } = replica
  for (const peer of peers.values()) excuse(peer, gapMs, now)
  pulse.stood = true
  pulse.doubt = Math.min(doubtMax, pulse.doubt + 1 + Math.floor(awayMs / 1000))
  setPatience(replica)
  const { role } = protocol
  if (role.phase !== 'follower') {
    role.progressAt = Math.min(now, role.progressAt + gapMs) as Millis
  }
  if (role.phase === 'leading') startConfirmation(step)
}

/** Once a round: a round without a pause is a reason to trust oneself again. */
export function calmDown(replica: ReplicaState): void {
  const { pulse } = replica
  if (!pulse.stood && pulse.doubt > 0) {
    pulse.doubt -= 1
    setPatience(replica)
  }
  pulse.stood = false
}

function setPatience({ peers, pulse }: ReplicaState): void {
  for (const peer of peers.values()) peer.patience = 1 + pulse.doubt
}
