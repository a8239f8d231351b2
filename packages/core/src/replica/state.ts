/** A replica's whole memory: the rooms of the protocol side by side. */
import type { Election } from '../election/nominate.ts'
import type { View } from '../election/view.ts'
import type { Group } from '../membership/founding.ts'
import type { MembershipPolicy } from '../membership/policy.ts'
import type { Members } from '../membership/members.ts'
import { noMembers } from '../membership/members.ts'
import type { Peers } from '../overlay/peers.ts'
import type { PresenceState } from '../overlay/shown.ts'
import { noPresence } from '../overlay/shown.ts'
import type { RelayQueue } from '../overlay/relay-queue.ts'
import { emptyRelayQueue } from '../overlay/relay-queue.ts'
import type { Rumours } from '../overlay/rumours.ts'
import { noRumours } from '../overlay/rumours.ts'
import type { Tree } from '../overlay/tree.ts'
import { noTree } from '../overlay/tree.ts'
import type { Ballot } from '../protocol/ballot.ts'
import { zeroBallot } from '../protocol/ballot.ts'
import type { Asks } from './ask-state.ts'
import { noAsks } from './ask-state.ts'
import type { Fingerprints } from './fingerprint-state.ts'
import { noFingerprints } from './fingerprint-state.ts'
import type { GroupId, Incarnation, Millis, ReplicaId, VoteId } from '../protocol/ids.ts'
import { millis, ownVote } from '../protocol/ids.ts'
import type { Part } from '../protocol/part.ts'
import type { ProtocolState, Role } from '../protocol/state.ts'
import { freshProtocol } from '../protocol/state.ts'
import type { Instant } from './input.ts'

export interface ReplicaOptions {
  readonly self: ReplicaId
  readonly incarnation: Incarnation
  readonly room: string
  /** The one group that this replica may join; undefined: whichever is in the room. */
  readonly wanted: GroupId | undefined
  readonly membership: MembershipPolicy
  /** How much part it takes at most; a member unless told. */
  readonly role?: Part
  /** Of the browser profile that this store lives in; empty: not known. */
  readonly profile: string
  /** Frames may take ways through others. */
  readonly relays: boolean
  /** The versions of the application's machine that this page carries, rising; none unless told. */
  readonly machine?: readonly number[]
  /** What the log may weigh beyond a snapshot before the next is taken, in bytes; `logBytesDefault` unless told. */
  readonly logBytes?: number
}

/** The part of a beacon whose change cannot wait. */
export interface Told {
  readonly happy: boolean
  readonly followed: Ballot
  readonly phase: Role['phase']
  readonly quorumConnected: boolean
  readonly heard: readonly ReplicaId[]
}

/** How sure a replica is of its own sense of time. */
export interface Pulse {
  /** When its timers last fired, or a pause was noticed; undefined before the first tick. */
  beat: Instant | undefined
  /** The page was just shown or hidden: its next tick comes when it comes. */
  excused: boolean
  /** It stood still since the last round. */
  stood: boolean
  /** How many rounds it takes for one: more after each pause, less after each round without. */
  doubt: number
  /** It said that it is about to stand still. */
  freezing: boolean
}

/** What a leader that stood still waits for: a majority that says that it still follows, after being asked. */
export interface Confirmation {
  readonly since: Millis
  /** The first question that counts. */
  readonly question: number
  readonly votes: Set<VoteId>
}

/** How a leader looks for a better one. */
export interface Succession {
  evaluatedAt: Millis | undefined
  /** Since when there has been a better one at each look. */
  betterSince: Millis | undefined
  /** When it last handed over by itself, or was handed over to. */
  handedAt: Millis | undefined
  /** It asked another one to take over, and appends nothing meanwhile. */
  under: { readonly to: ReplicaId; readonly at: Millis } | undefined
}

export interface ReplicaState {
  readonly options: ReplicaOptions
  readonly protocol: ProtocolState
  readonly peers: Peers
  readonly members: Members
  readonly election: Election
  readonly presence: PresenceState
  group: Group | undefined
  /** As of the last time that something which it depends on changed. */
  view: View
  wallAgreed: boolean
  hidden: boolean
  storageOk: boolean
  /** Said good-bye: nothing more leaves, ever. */
  closed: boolean
  beaconSeq: number
  beaconAt: Millis | undefined
  /** What the last beacon to all said; what differs from it is told before the next one is due. */
  told: Told | undefined
  roundAt: Millis | undefined
  /** When it was told the time first. */
  startedAt: Millis
  repreparedAt: Millis | undefined
  readonly fingerprints: Fingerprints
  /** When another store's ballot was last promised to. */
  promisedAt: Millis | undefined
  readonly pulse: Pulse
  unconfirmed: Confirmation | undefined
  readonly succession: Succession
  readonly asks: Asks
  /** Questions asked, and messages sent through others, since the start. */
  questions: number
  relayedOut: number
  readonly relay: RelayQueue
  readonly rumours: Rumours
  /** Whom it feeds what is decided, and who feeds it. */
  readonly tree: Tree
  /** When this replica last wanted the heir that it has. */
  heirWantedAt: Millis | undefined
}

const viewOfNobody = (relays: boolean): View => ({
  ...{ configurations: [], reached: [], quorumConnected: false, followed: zeroBallot, relays },
})

export function freshReplica(options: ReplicaOptions): ReplicaState {
  const { self, incarnation, logBytes } = options
  const protocol = freshProtocol(self, incarnation, [ownVote(self)])
  protocol.snapshots.logBytes = logBytes ?? protocol.snapshots.logBytes
  return {
    options,
    protocol,
    peers: new Map(),
    members: noMembers(),
    presence: noPresence(),
    election: { happy: false, attempts: 0, decidedEnd: 0, decidedAt: millis(0), waitRounds: 0 },
    group: undefined,
    view: viewOfNobody(options.relays),
    wallAgreed: false,
    hidden: false,
    storageOk: true,
    closed: false,
    beaconSeq: 0,
    beaconAt: undefined,
    told: undefined,
    roundAt: undefined,
    fingerprints: noFingerprints(),
    startedAt: 0 as Millis,
    repreparedAt: undefined,
    promisedAt: undefined,
    pulse: { beat: undefined, excused: false, stood: false, doubt: 0, freezing: false },
    unconfirmed: undefined,
    succession: {
      evaluatedAt: undefined,
      betterSince: undefined,
      handedAt: undefined,
      under: undefined,
    },
    asks: noAsks(),
    questions: 0,
    relayedOut: 0,
    relay: emptyRelayQueue(),
    rumours: noRumours(),
    tree: noTree(),
    heirWantedAt: undefined,
  }
}
