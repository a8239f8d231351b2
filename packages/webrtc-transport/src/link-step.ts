/**
 * The one transition of a link: room, signals, handshake. Pure: knows neither channels nor timers nor servers; what they
 * do comes in as inputs, what they must do goes out as effects.
 */
import type { ByeReason } from './framing.ts'
import {
  begin,
  brokenOff,
  cut,
  dropped,
  fail,
  limited,
  mayPass,
  refuse,
  rest,
  shut,
} from './link-generation.ts'
import { onProbe, onTick } from './link-liveness.ts'
import type { ConnectionId, LinkSignal, PeerSignal, SessionId } from './link-signal.ts'
import {
  adopted,
  entering,
  hasChannel,
  isCurrent,
  retire,
  andThen,
  unchanged,
  waiting,
  type LinkEffect,
  type LinkInput,
  type LinkState,
  type LinkStep,
  type Moment,
  type Open,
  type Opening,
  type RoomEvent,
} from './link-state.ts'

export function stepLink(state: LinkState, input: LinkInput, moment: Moment): LinkStep {
  switch (input.type) {
    case 'room':
      return onRoom({ ...state, reachable: reachableAfter[input.event] }, input, moment)
    case 'signal':
      return isStale(state, input.signal)
        ? unchanged(state)
        : onSignal(readable(state, moment), input.signal, moment)
    case 'unreadable':
      return onUnreadable(state, moment)
    case 'tick':
      return onTick(state, moment)
    case 'rest':
      return rest(state, moment)
    case 'wake':
      return onWake(state, moment)
    case 'probe':
      return onProbe(state, moment)
    case 'cut':
      return cut(state, moment)
    case 'channel-open':
      return onChannelOpen(state, moment)
    case 'channel-ended':
    case 'hello':
    case 'proof':
    case 'bye':
    case 'garbage':
      // What comes from a channel that this end has given up says nothing.
      return hasChannel(state) ? onChannel(state, input, moment) : unchanged(state)
  }
}

const reachableAfter: Readonly<Record<RoomEvent, boolean>> = {
  present: true,
  rejoined: true,
  absent: false,
  unreachable: false,
}

type ChannelInput = Extract<
  LinkInput,
  { type: 'channel-ended' | 'hello' | 'proof' | 'bye' | 'garbage' }
>

function onChannel(state: LinkState, input: ChannelInput, moment: Moment): LinkStep {
  switch (input.type) {
    case 'channel-ended':
      return fail(state, moment, input)
    case 'hello':
      return onHello(state, input, moment)
    case 'proof':
      return onProof(state, input.right, moment)
    case 'bye':
      return onBye(state, input.reason, moment)
    case 'garbage':
      return brokenOff(state, input.why, moment)
  }
}

// The room.

function onRoom(
  state: LinkState,
  { event, quiet }: Extract<LinkInput, { type: 'room' }>,
  moment: Moment,
): LinkStep {
  if (quiet === true && state.phase.state === 'waiting' && reachableAfter[event]) {
    return unchanged({ ...state, addressee: undefined })
  }
  switch (event) {
    case 'present':
      return onPresent(state, moment)
    case 'rejoined':
      return onRejoined(state, moment)
    case 'absent':
      return onAbsent(state, moment)
    case 'unreachable':
      return unchanged(state)
  }
}

/** It rested, or was not needed until now. */
function onWake(state: LinkState, moment: Moment): LinkStep {
  const { phase, reachable, refusal } = state
  const rests = phase.state === 'waiting' && phase.retryAt === undefined
  return rests && reachable && refusal === undefined ? begin(state, moment) : unchanged(state)
}

function onPresent(before: LinkState, moment: Moment): LinkStep {
  // Whether it is the page that we know will show in what it says.
  const state = { ...before, addressee: undefined }
  const { phase, refusal } = state
  return phase.state === 'waiting' && (phase.retryAt === undefined || refusal !== undefined)
    ? begin(state, moment)
    : unchanged(state)
}

function onRejoined(before: LinkState, moment: Moment): LinkStep {
  const state = { ...before, addressee: undefined }
  switch (state.phase.state) {
    case 'waiting':
      return onPresent(state, moment)
    case 'signaling':
      // What we said may have gone to the page before; say it again.
      return andThen(dropped(state, moment), (next) => begin(next, moment))
    case 'opening':
      // A page that is new says so in its signals; one that only lost its server goes on.
      return unchanged(state)
    case 'open':
      return onProbe(state, moment)
  }
}

function onAbsent(state: LinkState, moment: Moment): LinkStep {
  switch (state.phase.state) {
    case 'waiting':
      return unchanged(entering(state, moment, { ...state.phase, retryAt: undefined }))
    case 'signaling':
    case 'opening':
      return dropped(state, moment)
    case 'open':
      // That a server lost it is no proof: the mesh has the peer itself asked.
      return unchanged(state)
  }
}

// Signals.

/** Of a page that is gone, or for one: whoever repeats what was said to the page before this one is not heard. */
const isStale = ({ retired, config }: LinkState, { session, to }: LinkSignal): boolean =>
  retired.includes(session) || (to !== undefined && to !== config.session)

/** Whoever seals what we can open has our secret, whatever came before. */
function readable(state: LinkState, moment: Moment): LinkState {
  if (state.refusal?.code !== 'secret') return state
  const next = { ...state, refusal: undefined }
  return next.phase.state === 'waiting' ? entering(next, moment, waiting(moment.now)) : next
}

function onUnreadable(state: LinkState, moment: Moment): LinkStep {
  switch (state.phase.state) {
    case 'waiting':
      // It was refused for this or another reason already, and the next attempt is planned.
      return state.refusal === undefined ? refuseSecret(state, moment) : unchanged(state)
    case 'signaling':
      return refuseSecret(state, moment)
    case 'opening':
    case 'open':
      // Who has come so far has the secret; somebody else says this in its name.
      return unchanged(state)
  }
}

function onSignal(state: LinkState, signal: LinkSignal, moment: Moment): LinkStep {
  if (signal.type === 'call') {
    return state.role === 'dialer'
      ? onCall(state, signal.session, signal.after, moment)
      : unchanged(state)
  }
  const { connection } = signal
  switch (signal.signal.type) {
    case 'offer':
      return state.role === 'answerer' && connection.session === signal.session
        ? onOffer(state, connection, signal.signal, moment)
        : unchanged(state)
    case 'answer':
      if (state.role !== 'dialer') return unchanged(state)
      return state.phase.state === 'signaling' && isCurrent(state, connection)
        ? onAnswer(state, signal.session, signal.signal, moment)
        : onAwake(state, moment)
    case 'candidate':
      return hasChannel(state) && isCurrent(state, connection)
        ? onCandidate(state, signal.signal)
        : unchanged(state)
  }
}

function refuseSecret(state: LinkState, moment: Moment): LinkStep {
  const refused = refuse(state, { code: 'secret', by: 'us' }, moment)
  const { session } = state.config
  // Whatever we say, the peer cannot open it either, and will know why it has no link.
  const call: LinkSignal = { type: 'call', session, to: undefined, after: state.generation }
  return { ...refused, effects: [...refused.effects, { type: 'signal', signal: call }] }
}

function onCall(state: LinkState, session: SessionId, after: number, moment: Moment): LinkStep {
  const { phase } = state
  const renewed = state.theirSession !== undefined && state.theirSession !== session
  const next = adopted(state, session)
  if (renewed) {
    return andThen(dropped({ ...next, failures: 0 }, moment), (ready) => begin(ready, moment))
  }
  if (phase.state === 'waiting') {
    const idle = phase.retryAt === undefined && state.refusal === undefined
    return idle ? begin(next, moment) : onAwake(next, moment)
  }
  // A caller who knows an older generation than ours sent this before our offer reached it.
  return after < state.generation ? unchanged(next) : fail(next, moment, { why: 'peer-failed' })
}

/** A peer that answered no offer says something, if only too late: it was asleep, and is not any more. */
function onAwake(state: LinkState, moment: Moment): LinkStep {
  return state.phase.state === 'waiting' && state.phase.unanswered
    ? begin(state, moment)
    : unchanged(state)
}

function onOffer(
  state: LinkState,
  connection: ConnectionId,
  offer: PeerSignal,
  moment: Moment,
): LinkStep {
  const sameSession = state.theirSession === connection.session
  if (sameSession && connection.generation <= state.generation) return unchanged(state)
  const { refusal, phase } = state
  const refused = refusal !== undefined && (!mayPass(refusal) || phase.state === 'waiting')
  if (sameSession && refused) return unchanged(state)
  const cleared = dropped(state, moment)
  if (!moment.mayConnect) return andThen(cleared, (next) => limited(next, moment))
  const { session, generation } = connection
  const failures = sameSession ? state.failures : 0
  const next = { ...adopted(cleared.state, session), generation, failures, candidates: 0 }
  const connect: LinkEffect = { type: 'connect', initiator: false }
  const deadline = moment.now + state.config.limits.connectMsMax
  return {
    state: entering(next, moment, opening(deadline)),
    effects: [...cleared.effects, connect, { type: 'feed', signal: offer }],
  }
}

function onAnswer(
  state: LinkState,
  session: SessionId,
  answer: PeerSignal,
  moment: Moment,
): LinkStep {
  const { phase } = state
  const deadline =
    phase.state === 'signaling' ? phase.deadline : moment.now + state.config.limits.connectMsMax
  return {
    state: entering(adopted(state, session), moment, opening(deadline)),
    effects: [{ type: 'feed', signal: answer }],
  }
}

function onCandidate(state: LinkState, signal: PeerSignal): LinkStep {
  if (state.candidates >= state.config.limits.candidatesMax) return unchanged(state)
  const next = { ...state, candidates: state.candidates + 1 }
  return { state: next, effects: [{ type: 'feed', signal }] }
}

const opening = (deadline: number): Opening => ({
  state: 'opening',
  deadline,
  channelOpen: false,
  greeted: false,
})

// The handshake.

function onChannelOpen(state: LinkState, moment: Moment): LinkStep {
  const { phase } = state
  if (phase.state !== 'opening' || phase.channelOpen) return unchanged(state)
  const effects: LinkEffect[] = [{ type: 'hello' }]
  if (phase.greeted) effects.push({ type: 'prove' })
  const next = entering(state, moment, { ...phase, channelOpen: true })
  return { state: next, effects }
}

function onHello(
  state: LinkState,
  hello: Extract<LinkInput, { type: 'hello' }>,
  moment: Moment,
): LinkStep {
  const { phase, config } = state
  if (phase.state !== 'opening' || phase.greeted) {
    return brokenOff(state, 'unexpected-hello', moment)
  }
  if (hello.wireVersion !== config.wireVersion) {
    const versions = { ours: config.wireVersion, theirs: hello.wireVersion }
    const refused = refuse(state, { code: 'wire-version', by: 'us', ...versions }, moment)
    if (phase.channelOpen) return refused
    // Ours was still to come: the peer has to learn whose version is the older one.
    return { ...refused, effects: [{ type: 'hello' }, ...refused.effects] }
  }
  if (hello.self !== config.peer) {
    return refuse(state, { code: 'identity', by: 'us', claimed: hello.self }, moment)
  }
  // The channel may bring their hello before it tells us that it is open: the proof follows ours then.
  const effects: LinkEffect[] = phase.channelOpen ? [{ type: 'prove' }] : []
  return { state: entering(state, moment, { ...phase, greeted: true }), effects }
}

/** Up, once each end has shown the other what only a member knows. */
function onProof(state: LinkState, right: boolean, moment: Moment): LinkStep {
  const { phase } = state
  if (phase.state !== 'opening' || !phase.channelOpen || !phase.greeted) {
    return brokenOff(state, 'unexpected-proof', moment)
  }
  if (!right) return refuse(state, { code: 'proof', by: 'us' }, moment)
  const next: Open = {
    state: 'open',
    openedAt: moment.now,
    nextPingAt: moment.now + state.config.limits.pingEveryMs,
    probe: undefined,
    quietFrom: moment.now,
    forgiven: 0,
  }
  // The first ping leaves at once: a round trip is known before anybody has to judge a probe by it.
  const opened = { ...entering(state, moment, next), refusal: undefined }
  return { state: opened, effects: [{ type: 'up' }, { type: 'ping' }] }
}

function onBye(state: LinkState, reason: ByeReason, moment: Moment): LinkStep {
  switch (reason) {
    case 'leaving': {
      const left = dropped(state, moment)
      return { ...left, state: retire(left.state) }
    }
    case 'resting':
      return dropped(state, moment)
    case 'wire-version':
    case 'identity':
    case 'proof':
    case 'secret':
      return shut(state, { code: reason, by: 'peer' }, moment)
    case 'garbage':
    case 'failed':
      return fail(state, moment, { why: 'peer-failed' })
  }
}
