/**
 * The one transition of a link: room, signals, handshake. Pure: knows neither channels nor timers nor servers; what they
 * do comes in as inputs, what they must do goes out as effects.
 */
import type { ByeReason } from './framing.ts'
import { begin, brokenOff, dropped, fail, limited, refuse, shut } from './link-generation.ts'
import { onProbe, onTick } from './link-liveness.ts'
import type { ConnectionId, LinkSignal, PeerSignal, SessionId } from './link-signal.ts'
import {
  adopted,
  entering,
  hasChannel,
  isCurrent,
  refusalOf,
  retire,
  andThen,
  unchanged,
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
      return onRoom({ ...state, reachable: reachableAfter[input.event] }, input.event, moment)
    case 'signal':
      return state.retired.includes(input.signal.session)
        ? unchanged(state)
        : onSignal(state, input.signal, moment)
    case 'tick':
      return onTick(state, moment)
    case 'probe':
      return onProbe(state, moment)
    case 'channel-open':
      return onChannelOpen(state, moment)
    case 'channel-ended':
    case 'hello':
    case 'ack':
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
  { type: 'channel-ended' | 'hello' | 'ack' | 'bye' | 'garbage' }
>

function onChannel(state: LinkState, input: ChannelInput, moment: Moment): LinkStep {
  switch (input.type) {
    case 'channel-ended':
      return fail(state, moment, input)
    case 'hello':
      return onHello(state, input, moment)
    case 'ack':
      return onAck(state, input.ours, moment)
    case 'bye':
      return onBye(state, input.reason, moment)
    case 'garbage':
      return brokenOff(state, input.why, moment)
  }
}

// The room.

function onRoom(state: LinkState, event: RoomEvent, moment: Moment): LinkStep {
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

function onPresent(state: LinkState, moment: Moment): LinkStep {
  const { phase } = state
  return phase.state === 'waiting' && phase.retryAt === undefined
    ? begin(state, moment)
    : unchanged(state)
}

function onRejoined(state: LinkState, moment: Moment): LinkStep {
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
      // That a server lost it is no proof: ask the peer itself.
      return onProbe(state, moment)
  }
}

// Signals.

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

function onCall(state: LinkState, session: SessionId, after: number, moment: Moment): LinkStep {
  const { phase } = state
  const renewed = state.theirSession !== undefined && state.theirSession !== session
  const next = adopted(state, session)
  if (renewed) {
    return andThen(dropped({ ...next, failures: 0 }, moment), (ready) => begin(ready, moment))
  }
  if (phase.state === 'waiting') {
    const idle = phase.retryAt === undefined && phase.refusal === undefined
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
  if (sameSession && refusalOf(state) !== undefined) return unchanged(state)
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
  theirNonce: undefined,
  acked: false,
})

// The handshake.

function onChannelOpen(state: LinkState, moment: Moment): LinkStep {
  const { phase } = state
  if (phase.state !== 'opening' || phase.channelOpen) return unchanged(state)
  const effects: LinkEffect[] = [{ type: 'hello' }]
  if (phase.theirNonce !== undefined) effects.push(ackOf(phase.theirNonce))
  const next = entering(state, moment, { ...phase, channelOpen: true })
  return { state: next, effects }
}

function onHello(
  state: LinkState,
  hello: Extract<LinkInput, { type: 'hello' }>,
  moment: Moment,
): LinkStep {
  const { phase, config } = state
  if (phase.state !== 'opening' || phase.theirNonce !== undefined) {
    return brokenOff(state, 'unexpected-hello', moment)
  }
  if (hello.wireVersion !== config.wireVersion) {
    const versions = { ours: config.wireVersion, theirs: hello.wireVersion }
    return refuse(state, { code: 'wire-version', by: 'us', ...versions }, moment)
  }
  if (hello.self !== config.peer) {
    return refuse(state, { code: 'identity', by: 'us', claimed: hello.self }, moment)
  }
  const next = { ...phase, theirNonce: hello.nonce }
  // The channel may bring their hello before it tells us that it is open: the ack follows ours then.
  const effects = phase.channelOpen ? [ackOf(hello.nonce)] : []
  return andThen({ state: entering(state, moment, next), effects }, (ready) =>
    settle(ready, moment),
  )
}

function onAck(state: LinkState, ours: boolean, moment: Moment): LinkStep {
  const { phase } = state
  if (phase.state !== 'opening' || !phase.channelOpen || phase.acked) {
    return brokenOff(state, 'unexpected-ack', moment)
  }
  if (!ours) return brokenOff(state, 'wrong-nonce', moment)
  return settle(entering(state, moment, { ...phase, acked: true }), moment)
}

/** Up, once each end knows that the other one hears it. */
function settle(state: LinkState, moment: Moment): LinkStep {
  const { phase } = state
  if (phase.state !== 'opening' || !phase.acked || phase.theirNonce === undefined) {
    return unchanged(state)
  }
  const next: Open = {
    state: 'open',
    openedAt: moment.now,
    nextPingAt: moment.now + state.config.limits.pingEveryMs,
    probe: undefined,
    quietFrom: moment.now,
    forgiven: 0,
  }
  // The first ping leaves at once: a round trip is known before anybody has to judge a probe by it.
  return { state: entering(state, moment, next), effects: [{ type: 'up' }, { type: 'ping' }] }
}

function onBye(state: LinkState, reason: ByeReason, moment: Moment): LinkStep {
  switch (reason) {
    case 'leaving': {
      const left = dropped(state, moment)
      return { ...left, state: retire(left.state) }
    }
    case 'wire-version':
    case 'identity':
      return shut(state, { code: reason, by: 'peer' }, moment)
    case 'garbage':
    case 'failed':
      return fail(state, moment, { why: 'peer-failed' })
  }
}

const ackOf = (nonce: string): LinkEffect => ({ type: 'frame', frame: { kind: 'ack', nonce } })
