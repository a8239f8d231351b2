/**
 * How a link doubts: deadlines, pings, silence, and the late timer that says that we slept and not the peer. Pure; time
 * comes with each input. Knows nothing of frames: that something came is one number, `heardAt`.
 */
import { begin, fail } from './link-generation.ts'
import {
  entering,
  unchanged,
  wakeAt,
  type LinkState,
  type LinkStep,
  type Moment,
  type Open,
} from './link-state.ts'

/** Late timers in a row that excuse a silence; then it counts, or a page that always lags would wait for ever. */
const forgivenMax = 3

export function onTick(state: LinkState, moment: Moment): LinkStep {
  const due = wakeAt(state)
  if (due === undefined || moment.now < due) return unchanged(state)
  const { phase } = state
  switch (phase.state) {
    case 'waiting':
      return state.reachable
        ? begin(state, moment)
        : unchanged(entering(state, moment, { ...phase, retryAt: undefined }))
    case 'signaling':
    case 'opening':
      return fail(state, moment, { why: 'connect-timeout' })
    case 'open':
      return onOpenTick(state, phase, moment, due)
  }
}

function onOpenTick(state: LinkState, phase: Open, moment: Moment, due: number): LinkStep {
  const { limits } = state.config
  const { now, heardAt } = moment
  const forgiven = heardAt > phase.quietFrom ? 0 : phase.forgiven
  if (now - due > limits.lateTimerMsMax && forgiven < forgivenMax) {
    // We slept, not the peer: what it sent meanwhile may still be on its way to us. Ask before judging.
    const excused = { ...phase, forgiven: forgiven + 1, quietFrom: now }
    return pinged(state, { ...excused, probe: probeFrom(state, moment) }, moment)
  }
  const answered = phase.probe !== undefined && heardAt >= phase.probe.at
  if (phase.probe !== undefined && !answered && now >= phase.probe.by) {
    return fail(state, moment, { why: 'probe-unanswered' })
  }
  if (now - Math.max(heardAt, phase.quietFrom) > limits.silenceMsMax) {
    return fail(state, moment, { why: 'silent' })
  }
  const next: Open = { ...phase, forgiven, probe: answered ? undefined : phase.probe }
  return now >= phase.nextPingAt
    ? pinged(state, next, moment)
    : unchanged(entering(state, moment, next))
}

function pinged(state: LinkState, phase: Open, moment: Moment): LinkStep {
  const nextPingAt = moment.now + state.config.limits.pingEveryMs
  return {
    state: entering(state, moment, { ...phase, nextPingAt }),
    effects: [{ type: 'ping' }],
  }
}

export function onProbe(state: LinkState, moment: Moment): LinkStep {
  const { phase } = state
  if (phase.state === 'open') {
    if (phase.probe !== undefined) return unchanged(state)
    const next = { ...phase, probe: probeFrom(state, moment) }
    return { state: entering(state, moment, next), effects: [{ type: 'ping' }] }
  }
  if (phase.state === 'waiting' && phase.retryAt !== undefined && state.reachable) {
    return unchanged(entering(state, moment, { ...phase, retryAt: moment.now }))
  }
  return unchanged(state)
}

function probeFrom(state: LinkState, moment: Moment): { at: number; by: number } {
  const { probeMsMin, silenceMsMax } = state.config.limits
  const wait = Math.min(Math.max(4 * (moment.rttMs ?? 0), probeMsMin), silenceMsMax)
  return { at: moment.now, by: moment.now + wait }
}
