/**
 * What one link is, what can happen to it and what it can ask for. Knows no transition: those are in link-step.ts
 * (room, signals, handshake), link-liveness.ts (time) and link-generation.ts (beginnings and ends).
 */
import type { ReplicaId } from '@unanimous/core'
import type { ByeReason, LinkFrame } from './framing.ts'
import type { MeshLimits } from './limits.ts'
import type { ConnectionId, LinkSignal, PeerSignal, SessionId } from './link-signal.ts'
import type { Garbage, MeshProblem, Refusal } from './mesh-problem.ts'

/** What stays the same for the life of a link. */
export interface LinkConfig {
  readonly self: ReplicaId
  readonly peer: ReplicaId
  readonly session: SessionId
  readonly wireVersion: number
  readonly limits: MeshLimits
}

export interface Waiting {
  readonly state: 'waiting'
  /** `undefined`: until the room or the peer says that it is there (again). */
  readonly retryAt: number | undefined
  /** The last offer was never answered: the first thing that comes from the peer is worth a new one. */
  readonly unanswered: boolean
}

/** The dialer has a channel and has offered; the answerer has called and has no channel yet. */
export interface Signaling {
  readonly state: 'signaling'
  readonly deadline: number
}

/** Both descriptions are exchanged; the channel opens, then the hellos. */
export interface Opening {
  readonly state: 'opening'
  readonly deadline: number
  readonly channelOpen: boolean
  /** Their hello came. */
  readonly greeted: boolean
}

export interface Open {
  readonly state: 'open'
  readonly openedAt: number
  readonly nextPingAt: number
  readonly probe: { readonly at: number; readonly by: number } | undefined
  /** Silence before this moment does not count: we were suspended then. */
  readonly quietFrom: number
  /** How often in a row we were suspended without hearing anything in between. */
  readonly forgiven: number
}

export type LinkPhase = Waiting | Signaling | Opening | Open

export interface LinkState {
  readonly config: LinkConfig
  /** The smaller id dials: two ends can never both offer. */
  readonly role: 'dialer' | 'answerer'
  /** Whether a server lists the peer now, so that signals may reach it. */
  readonly reachable: boolean
  readonly theirSession: SessionId | undefined
  /** The session that our signals are for; `undefined` while the peer may be another page than the one we know. */
  readonly addressee: SessionId | undefined
  /** Why the link is down, if an end refused the other; stays while trying again brings nothing new. */
  readonly refusal: Refusal | undefined
  /** Sessions that are over; what still comes from them is stale. */
  readonly retired: readonly SessionId[]
  /** The dialer's count; of the latest generation that this end took part in. */
  readonly generation: number
  /** Failures in a row. */
  readonly failures: number
  readonly candidates: number
  readonly phase: LinkPhase
  /** When `phase.state` became what it is. */
  readonly since: number
}

/** What servers say about the peer, all together. */
export type RoomEvent =
  /** A server lists the peer, and none did before. */
  | 'present'
  /** A server that listed the peer says that it joined again. */
  | 'rejoined'
  /** The last server that listed the peer says that it left. */
  | 'absent'
  /** The last server that listed the peer went away. */
  | 'unreachable'

export type LinkInput =
  /** `quiet`: nobody needs a link with it. */
  | { readonly type: 'room'; readonly event: RoomEvent; readonly quiet?: boolean }
  | { readonly type: 'signal'; readonly signal: LinkSignal }
  /** A server passed on something of the peer that is not sealed with the group's secret. */
  | { readonly type: 'unreadable' }
  | { readonly type: 'channel-open' }
  | {
      readonly type: 'channel-ended'
      readonly why: 'channel-failed' | 'send-failed'
      readonly detail?: string
    }
  | {
      readonly type: 'hello'
      readonly wireVersion: number
      readonly self: ReplicaId
    }
  | { readonly type: 'proof'; readonly right: boolean }
  | { readonly type: 'bye'; readonly reason: ByeReason }
  | { readonly type: 'garbage'; readonly why: Garbage }
  | { readonly type: 'tick' }
  /** The peer knows no secret any more by which links may be. */
  | { readonly type: 'cut' }
  /** Nobody needs it at this end. */
  | { readonly type: 'rest' }
  /** Somebody needs it. */
  | { readonly type: 'wake' }
  /** Somebody doubts that the peer is still there, or hopes that it is back. */
  | { readonly type: 'probe' }

/** Executed in order. */
export type LinkEffect =
  | { readonly type: 'connect'; readonly initiator: boolean }
  | { readonly type: 'feed'; readonly signal: PeerSignal }
  | { readonly type: 'signal'; readonly signal: LinkSignal }
  | { readonly type: 'hello' }
  /** Shows the peer, whose hello came, that we know the secrets. */
  | { readonly type: 'prove' }
  | { readonly type: 'ping' }
  | { readonly type: 'frame'; readonly frame: LinkFrame }
  | { readonly type: 'up' }
  | { readonly type: 'down' }
  | { readonly type: 'destroy' }
  | { readonly type: 'report'; readonly problem: MeshProblem }

/** What the world is like when an input comes. */
export interface Moment {
  /** Monotonic milliseconds. */
  readonly now: number
  /** In [0, 1); for jitter. */
  readonly random: number
  /** Whether a peer connection may be made now. */
  readonly mayConnect: boolean
  readonly connectionsMade: number
  /** When the last packet of the current generation came. */
  readonly heardAt: number
  readonly rttMs: number | undefined
}

export interface LinkStep {
  readonly state: LinkState
  readonly effects: readonly LinkEffect[]
}

/** A page that is reloaded over and over leaves this many names behind; older ones have no signals left on the way. */
const retiredMax = 8

/**
 * A link that waits for the room. `generationsUsed`: no number up to this one is given to a generation that this end
 * dials, since the peer may still know it from a link that was forgotten here.
 */
export function newLink(config: LinkConfig, now: number, generationsUsed: number): LinkState {
  const role = config.self < config.peer ? 'dialer' : 'answerer'
  return {
    config,
    role,
    reachable: false,
    theirSession: undefined,
    addressee: undefined,
    refusal: undefined,
    retired: [],
    generation: role === 'dialer' ? generationsUsed : 0,
    failures: 0,
    candidates: 0,
    phase: waiting(undefined),
    since: now,
  }
}

/** When the link wants a `tick`, if it does. */
export function wakeAt(state: LinkState): number | undefined {
  const { phase } = state
  switch (phase.state) {
    case 'waiting':
      return phase.retryAt
    case 'signaling':
    case 'opening':
      return phase.deadline
    case 'open':
      return Math.min(phase.nextPingAt, phase.probe?.by ?? Infinity)
  }
}

/** The name of the generation whose channel this end has or awaits. */
export function connectionOf(state: LinkState): ConnectionId | undefined {
  const session = state.role === 'dialer' ? state.config.session : state.theirSession
  return session === undefined ? undefined : { session, generation: state.generation }
}

export const unchanged = (state: LinkState): LinkStep => ({ state, effects: [] })

export function andThen(first: LinkStep, next: (state: LinkState) => LinkStep): LinkStep {
  const second = next(first.state)
  return { state: second.state, effects: [...first.effects, ...second.effects] }
}

export function entering(state: LinkState, moment: Moment, phase: LinkPhase): LinkState {
  const since = phase.state === state.phase.state ? state.since : moment.now
  return { ...state, phase, since }
}

export function hasChannel(state: LinkState): boolean {
  switch (state.phase.state) {
    case 'waiting':
      return false
    case 'signaling':
      return state.role === 'dialer'
    case 'opening':
    case 'open':
      return true
  }
}

export function isCurrent(state: LinkState, connection: ConnectionId): boolean {
  const current = connectionOf(state)
  return current?.session === connection.session && current.generation === connection.generation
}

/** The peer speaks as `session` now; what it spoke as before is over. */
export function adopted(state: LinkState, session: SessionId): LinkState {
  if (state.theirSession === session) return { ...state, addressee: session }
  return { ...retire(state), theirSession: session, addressee: session }
}

export function retire(state: LinkState): LinkState {
  if (state.theirSession === undefined) return state
  const retired = [...state.retired, state.theirSession].slice(-retiredMax)
  return { ...state, retired, theirSession: undefined, addressee: undefined }
}

/** Down, with no channel. Without `retryAt` only the room or the peer can change that. */
export function waiting(
  retryAt: number | undefined,
  more: Partial<Pick<Waiting, 'unanswered'>> = {},
): Waiting {
  return { state: 'waiting', retryAt, unanswered: false, ...more }
}
