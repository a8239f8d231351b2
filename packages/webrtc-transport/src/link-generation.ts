/**
 * How a generation of a link begins and how it ends; pure. Each end destroys the channel of this end, if it has one, and
 * either plans the next generation or waits for the room. Knows nothing of what led to it.
 */
import { retryDelayMs } from './backoff.ts'
import type { ByeReason } from './framing.ts'
import type { MeshLimits } from './limits.ts'
import type { LinkSignal } from './link-signal.ts'
import {
  entering,
  hasChannel,
  unchanged,
  waiting,
  type LinkEffect,
  type LinkState,
  type LinkStep,
  type Moment,
} from './link-state.ts'
import type { Garbage, LinkFailure, MeshProblem, Refusal } from './mesh-problem.ts'

/** Offers without an answer, and failures of any kind, after which a link seems hopeless. */
const unansweredMax = 3
const failuresMax = 8

const hopelessBounds = ({
  hopelessRetryMs: ms,
}: MeshLimits): Parameters<typeof retryDelayMs>[1] => ({
  retryMsMin: ms,
  retryMsMax: ms,
})

/** Whether trying again, without another page at either end, may help. */
export const mayPass = ({ code }: Refusal): boolean => code === 'secret' || code === 'proof'

/** The next generation, from this end. */
export function begin(before: LinkState, moment: Moment): LinkStep {
  const { refusal } = before
  const kept = refusal !== undefined && mayPass(refusal) ? refusal : undefined
  const state = { ...before, refusal: kept }
  const { limits, session } = state.config
  const deadline = moment.now + limits.connectMsMax
  if (state.role === 'answerer') {
    const call: LinkSignal = {
      type: 'call',
      session,
      to: state.addressee,
      after: state.generation,
    }
    return {
      state: entering(state, moment, { state: 'signaling', deadline }),
      effects: [{ type: 'signal', signal: call }],
    }
  }
  if (!moment.mayConnect) return limited(state, moment)
  const next = { ...state, generation: state.generation + 1, candidates: 0 }
  return {
    state: entering(next, moment, { state: 'signaling', deadline }),
    effects: [{ type: 'connect', initiator: true }],
  }
}

export function limited(state: LinkState, moment: Moment): LinkStep {
  const retryAt = moment.now + state.config.limits.retryMsMax
  const made = moment.connectionsMade
  const problem: MeshProblem = { type: 'connections-limited', peer: state.config.peer, made }
  return {
    state: entering(state, moment, waiting(retryAt)),
    effects: [{ type: 'report', problem }],
  }
}

/** Ends the generation because of what the peer sent. */
export function brokenOff(state: LinkState, why: Garbage, moment: Moment): LinkStep {
  const problem: MeshProblem = { type: 'garbage', peer: state.config.peer, why }
  const failed = fail(state, moment, { why: 'garbage' })
  return {
    state: failed.state,
    effects: [byeOf('garbage'), { type: 'report', problem }, ...failed.effects],
  }
}

export function refuse(state: LinkState, refusal: Refusal, moment: Moment): LinkStep {
  const refused = shut(state, refusal, moment)
  // One whose secret is another hears nothing of us: it has no channel.
  const effects = refusal.code === 'secret' ? [] : [byeOf(refusal.code)]
  return { state: refused.state, effects: [...effects, ...refused.effects] }
}

/** Its peer may not stay: it hears so, and is tried again as one with another secret. */
export function cut(state: LinkState, moment: Moment): LinkStep {
  if (state.phase.state !== 'open') return unchanged(state)
  const ended = shut(state, { code: 'secret', by: 'us' }, moment)
  return { state: ended.state, effects: [byeOf('secret'), ...ended.effects] }
}

export function shut(state: LinkState, refusal: Refusal, moment: Moment): LinkStep {
  const problem: MeshProblem = { type: 'link-refused', peer: state.config.peer, refusal }
  const delay = retryDelayMs(1, hopelessBounds(state.config.limits), moment.random)
  const again = mayPass(refusal) && state.reachable
  const next = waiting(again ? moment.now + delay : undefined)
  return {
    state: { ...entering(state, moment, next), refusal },
    effects: [...endingOf(state), { type: 'report', problem }],
  }
}

/** Gives the generation up and plans the next one. */
export function fail(
  state: LinkState,
  moment: Moment,
  end: { readonly why: LinkFailure; readonly detail?: string },
): LinkStep {
  const { phase, config } = state
  const proved =
    phase.state === 'open' && moment.now - phase.openedAt >= config.limits.stableAfterMs
  const failures = proved ? 1 : state.failures + 1
  const unanswered = phase.state === 'signaling' && state.role === 'dialer'
  const hopeless = failures >= (unanswered ? unansweredMax : failuresMax)
  const delay = retryDelayMs(
    failures,
    hopeless ? hopelessBounds(config.limits) : config.limits,
    moment.random,
  )
  // Without a server to carry signals there is nothing to try; the room will say when there is.
  const retryAt = state.reachable ? moment.now + delay : undefined
  const { generation } = state
  const detail = end.detail === undefined ? {} : { detail: end.detail }
  const problem: MeshProblem = {
    type: 'generation-failed',
    peer: config.peer,
    generation,
    why: end.why,
    ...detail,
  }
  return {
    state: entering({ ...state, failures }, moment, waiting(retryAt, { unanswered })),
    effects: [...endingOf(state), { type: 'report', problem }],
  }
}

/** Ends the generation, if there is one, and plans nothing. */
export function dropped(state: LinkState, moment: Moment): LinkStep {
  const next = entering(state, moment, waiting(undefined))
  return { state: { ...next, refusal: undefined }, effects: endingOf(state) }
}

/** Nobody needs it at this end; the other one hears so, and may begin anew if it does. */
export function rest(state: LinkState, moment: Moment): LinkStep {
  const ended = dropped(state, moment)
  const words = state.phase.state === 'open' ? [byeOf('resting')] : []
  return { state: ended.state, effects: [...words, ...ended.effects] }
}

function endingOf(state: LinkState): LinkEffect[] {
  if (!hasChannel(state)) return []
  return state.phase.state === 'open'
    ? [{ type: 'destroy' }, { type: 'down' }]
    : [{ type: 'destroy' }]
}

const byeOf = (reason: ByeReason): LinkEffect => ({ type: 'frame', frame: { kind: 'bye', reason } })
