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
import type { Ballot } from '../protocol/ballot.ts'
import { zeroBallot } from '../protocol/ballot.ts'
import type { Fingerprints } from './fingerprint-state.ts'
import { noFingerprints } from './fingerprint-state.ts'
import type { GroupId, Incarnation, Millis, ReplicaId } from '../protocol/ids.ts'
import { ownVote } from '../protocol/ids.ts'
import type { ProtocolState, Role } from '../protocol/state.ts'
import { freshProtocol } from '../protocol/state.ts'

export interface ReplicaOptions {
  readonly self: ReplicaId
  readonly incarnation: Incarnation
  readonly room: string
  /** The one group that this replica may join; undefined: whichever is in the room. */
  readonly wanted: GroupId | undefined
  readonly membership: MembershipPolicy
  /** Of the browser profile that this store lives in; empty: not known. */
  readonly profile: string
  /** Frames may take ways through others. */
  readonly relays: boolean
}

/** The part of a beacon whose change cannot wait. */
export interface Told {
  readonly happy: boolean
  readonly followed: Ballot
  readonly phase: Role['phase']
  readonly quorumConnected: boolean
  readonly heard: readonly ReplicaId[]
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
  repreparedAt: Millis | undefined
  readonly fingerprints: Fingerprints
}

export function freshReplica(options: ReplicaOptions): ReplicaState {
  return {
    options,
    protocol: freshProtocol(options.self, options.incarnation, [ownVote(options.self)]),
    peers: new Map(),
    members: noMembers(),
    presence: noPresence(),
    election: { happy: false, attempts: 0, decidedEnd: 0, waitRounds: 0 },
    group: undefined,
    view: { configurations: [], reached: [], quorumConnected: false, followed: zeroBallot },
    wallAgreed: false,
    hidden: false,
    storageOk: true,
    closed: false,
    beaconSeq: 0,
    beaconAt: undefined,
    told: undefined,
    roundAt: undefined,
    fingerprints: noFingerprints(),
    repreparedAt: undefined,
  }
}
