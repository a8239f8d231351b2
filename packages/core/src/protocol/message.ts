/** Every message: who sends it, when, and what it promises. All are idempotent; loss and reordering are always safe. */
import type { Ballot } from './ballot.ts'
import type { Command, Entry, GenesisEntry, InSession } from './entry.ts'
import type { Incarnation, Index, ReplicaId, VoteId, WallMillis } from './ids.ts'
import type { AskMessage } from './ask-message.ts'
import type { Refounding } from './copy.ts'
import type { Part } from './part.ts'
import type { SnapshotMessage } from './snapshot-message.ts'
import type { Sighting, Stream, Subscribe, TreeMessage } from './tree-message.ts'

/**
 * From every replica to every linked peer, each beacon period and at once when something changes. Says how its sender
 * sees the world. Promises nothing: it never changes what a receiver promised or accepted.
 */
export interface Beacon {
  readonly type: 'beacon'
  readonly incarnation: Incarnation
  readonly seq: number
  /** Another beacon follows within this; 0: none will (leaving, freezing). */
  readonly nextMs: number
  /** Whom the sender hears directly now. */
  readonly heard: readonly ReplicaId[]
  /** The votes that the sender may cast now. */
  readonly votes: readonly VoteId[]
  readonly phase: 'follower' | 'preparing' | 'leading'
  /** The sender's own ballot, when it is no follower; else the zero ballot. */
  readonly ballot: Ballot
  /** The leader that the sender follows; the zero ballot for none. */
  readonly followed: Ballot
  /** Used for one purpose only: to choose the number of a new ballot. */
  readonly highestSeen: Ballot
  readonly happy: boolean
  readonly quorumConnected: boolean
  readonly quiet: boolean
  readonly leaving: boolean
  readonly storageOk: boolean
  readonly wall: WallMillis
  readonly accepted: Ballot
  readonly logEnd: Index
  readonly decidedEnd: Index
  readonly configIndex: Index
  /** The same for stores that live and die together, as those of a browser profile. Empty: not known; a first `+`: always on. */
  readonly profile: string
  /** What the state of the sender's application hashed to, the last time that it was looked at. */
  readonly fingerprint: Fingerprint
  /** How long frames take from the sender to the other voters and back, in classes; 0 is the shortest. */
  readonly tripClass: number
  /** How much of it the sender takes in the group now. */
  readonly part: Part
  /** The versions of the application's machine that the sender can run, rising; empty: it runs none. */
  readonly machine: readonly number[]
  readonly vouch: Vouch
}

/** What a state was after the first `end` entries. */
export interface Fingerprint {
  readonly end: Index
  /** 32 hex digits, or empty for none yet. */
  readonly hash: string
}

/**
 * What lets stores believe a beacon that others pass on: the key that its sender's id is the hash of, and a tag for each of
 * `receivers` under the secret that it shares with the sender. Empty where every receiver hears the sender itself.
 */
export interface Vouch {
  readonly key: Uint8Array
  readonly receivers: readonly ReplicaId[]
  /** Eight bytes a receiver. */
  readonly tags: Uint8Array
}

/** Everybody hears this beacon from its sender. */
export const noVouch: Vouch = { key: new Uint8Array(), receivers: [], tags: new Uint8Array() }

/** From a would-be leader: "will you accept nothing below `ballot`, and what have you accepted?" Leaves after its own promise is durable. */
export interface Prepare {
  readonly type: 'prepare'
  readonly ballot: Ballot
  readonly votes: readonly VoteId[]
  readonly configIndex: Index
  readonly accepted: Ballot
  readonly logEnd: Index
  readonly decidedEnd: Index
}

/** Answer to `Prepare`, durable: the sender accepts nothing below `ballot`, ever; this is what it accepted. */
export interface Promised {
  readonly type: 'promised'
  readonly ballot: Ballot
  readonly votes: readonly VoteId[]
  readonly accepted: Ballot
  readonly logEnd: Index
  readonly decidedEnd: Index
  /** Where `tail` begins: the sender and the leader agree below it. Equal to `logEnd` when the leader lacks nothing. */
  readonly tailFrom: Index
  /** They may not: the sender has no entries below `tailFrom` any more, but its snapshot of them. */
  readonly summed: boolean
  /** The first entries from `tailFrom`; the rest is there for a `Pull`. */
  readonly tail: readonly Entry[]
}

/** "Send me your entries in [from, end)." From a leader to its best promiser, or from a follower in the middle of a sync to its leader. */
export interface Pull {
  readonly type: 'pull'
  readonly ballot: Ballot
  readonly from: Index
  readonly end: Index
}

/** Answer to `Pull`: some of what was asked for, from its beginning. */
export interface Chunk {
  readonly type: 'chunk'
  readonly ballot: Ballot
  /** In which ballot the sender accepted these entries. */
  readonly accepted: Ballot
  readonly from: Index
  readonly entries: readonly Entry[]
}

/** From a leader to a promiser: "replace what you hold from `from` on by this; then you hold the log of my ballot." */
export interface AcceptSync {
  readonly type: 'acceptSync'
  readonly ballot: Ballot
  /** The ballot in which the receiver had accepted its log when `from` was computed. */
  readonly base: Ballot
  readonly from: Index
  /** The sender has no entries below `from` any more, but its snapshot of them: the receiver pulls that first. */
  readonly summed: boolean
  /** The receiver holds the ballot's log only once it has everything below this. */
  readonly total: Index
  readonly entries: readonly Entry[]
  readonly decidedEnd: Index
}

/** From a leader to a synced store: "append this." */
export interface Accept {
  readonly type: 'accept'
  readonly ballot: Ballot
  readonly from: Index
  readonly entries: readonly Entry[]
  readonly decidedEnd: Index
}

/** To a leader, durable: the sender holds the first `logEnd` entries of `ballot`'s log, and knows the first `decidedEnd` to be decided. */
export interface Accepted {
  readonly type: 'accepted'
  readonly ballot: Ballot
  readonly votes: readonly VoteId[]
  readonly logEnd: Index
  readonly decidedEnd: Index
}

/** To a leader: "your entries do not join on to mine; go on from `logEnd`." */
export interface Gap {
  readonly type: 'gap'
  readonly ballot: Ballot
  readonly logEnd: Index
}

/** "I promised `promised`, so your `ballot` gets nothing from me." For information only: nobody raises a promise on it. */
export interface Nack {
  readonly type: 'nack'
  readonly ballot: Ballot
  readonly votes: readonly VoteId[]
  readonly promised: Ballot
}

/** From a leader to those it synced: the first `decidedEnd` entries of my log are decided. */
export interface Decide {
  readonly type: 'decide'
  readonly ballot: Ballot
  readonly decidedEnd: Index
}

/** From any replica to the leader: please append these commands of one author, in this order. */
export interface Propose extends InSession {
  readonly type: 'propose'
  readonly author: ReplicaId
  readonly incarnation: Incarnation
  /** Of the first command; the others follow without a hole. */
  readonly seq: number
  readonly commands: readonly Command[]
}

/** From a leader to the voters, when reads wait: "have you promised nobody above me?" */
export interface ReadProbe {
  readonly type: 'readProbe'
  readonly ballot: Ballot
  /** Counts the leader's questions of this ballot. */
  readonly round: number
}

/** Answer to `ReadProbe`: when it came, the sender's promise was for `ballot`. */
export interface ReadAck {
  readonly type: 'readAck'
  readonly ballot: Ballot
  readonly round: number
  readonly votes: readonly VoteId[]
}

/** To the leader: "how much was decided before now, at least?" */
export interface ReadIndex {
  readonly type: 'readIndex'
  readonly incarnation: Incarnation
  /** Counts the questions of the sender's start. */
  readonly question: number
}

/** Answer to `ReadIndex`: all that was decided by anybody before the question came lies below `index`. */
export interface ReadIndexReply {
  readonly type: 'readIndexReply'
  readonly incarnation: Incarnation
  readonly question: number
  readonly index: Index
}

/** From the leader that the receiver follows: "lead now; I step down." */
export interface TakeOver {
  readonly type: 'takeOver'
  readonly ballot: Ballot
}

/** To the leader, each round until its `Prepare` comes: "feed me." */
export interface Join {
  readonly type: 'join'
}

/** To the leader, each round until `Left` comes: "take my vote out of the configuration." */
export interface Leave {
  readonly type: 'leave'
}

/** From the leader: the sender of `Leave` has no vote any more, and a majority of the others knows it durably. */
export interface Left {
  readonly type: 'left'
}

/** "Are you there?" From anybody to anybody, on a suspicion, to measure, or by a leader that slept. */
export interface Probe {
  readonly type: 'probe'
  readonly id: number
}

/** Answer to `Probe`, at once: whom the sender follows, and the votes that it casts. Promises nothing. */
export interface ProbeAck {
  readonly type: 'probeAck'
  readonly id: number
  readonly followed: Ballot
  readonly votes: readonly VoteId[]
}

/** From a member to a newcomer, or to a member of another group that shows up in this room: "this is the group here." */
export interface Welcome {
  readonly type: 'welcome'
  readonly genesis: GenesisEntry
  readonly refounding: Refounding | undefined
  readonly voters: number
  readonly decidedEnd: Index
}

/** From a member to every other one: what it shows of itself now. Never logged, promises nothing; only the newest counts. */
export interface Presence {
  readonly type: 'presence'
  readonly incarnation: Incarnation
  readonly seq: number
  /** The application's; empty: nothing any more. */
  readonly shown: Uint8Array
}

/** From a page that closes to the heir that it named: "cast my votes from now on." The last word of its sender, over its own link only. */
export interface Bequest {
  readonly type: 'bequest'
  /** The sender's start, which is over now. */
  readonly incarnation: Incarnation
  readonly votes: readonly VoteId[]
  readonly promised: Ballot
  readonly accepted: Ballot
  readonly logEnd: Index
  readonly decidedEnd: Index
  readonly tailFrom: Index
  /** All from `tailFrom` on; empty if it did not fit. */
  readonly tail: readonly Entry[]
}

/** To the heir, each round after a restart: "did you get what my start `incarnation` may have left to you?" */
export interface Resolve {
  readonly type: 'resolve'
  readonly incarnation: Incarnation
}

/** From the heir, durable: it holds these votes, or it will never take them. */
export interface Verdict {
  readonly type: 'verdict'
  readonly to: ReplicaId
  readonly incarnation: Incarnation
  readonly verdict: 'held' | 'void'
  readonly votes: readonly VoteId[]
}

/** Only from a replica to itself: its oldest write of votes and heirs is durable. */
export interface Noted {
  readonly type: 'noted'
}

/** A message for the last store on `path` from the first one, over links of those between; `at`: whose turn it is. */
export interface Relayed {
  readonly type: 'relayed'
  readonly path: readonly ReplicaId[]
  readonly at: number
  /** The first store's start, and how many messages it sent this way before: what comes twice is taken once. */
  readonly incarnation: Incarnation
  readonly number: number
  /** Under the secret of the first and the last store, so that none between can forge or alter; empty before it is sealed. */
  readonly seal: Uint8Array
  /** That the first store's id is the hash of, where the last one may never have heard of it; else empty. */
  readonly key: Uint8Array
  readonly message: Payload
}

/** To a neighbour that does not hear `origin` itself: the newest word of `origin`, after `hops` links. */
export interface Gossip {
  readonly type: 'gossip'
  readonly origin: ReplicaId
  readonly hops: number
  readonly beacon: Beacon
}

/** What passes votes on. */
export type Will = Bequest | Resolve | Verdict | Noted

/** What may take a way through others. */
export type Payload = Exclude<
  Message,
  Beacon | Welcome | Relayed | Gossip | Will | Subscribe | Stream | Sighting
>

export type Message =
  | Beacon
  | Prepare
  | Promised
  | Pull
  | Chunk
  | AcceptSync
  | Accept
  | Accepted
  | Gap
  | Nack
  | Decide
  | Propose
  | TakeOver
  | Join
  | Leave
  | Left
  | Welcome
  | Relayed
  | Gossip
  | Presence
  | ReadProbe
  | ReadAck
  | ReadIndex
  | ReadIndexReply
  | Probe
  | ProbeAck
  | Bequest
  | Resolve
  | Verdict
  | Noted
  | SnapshotMessage
  | TreeMessage
  | AskMessage

/** A message and whom it is for. One that is addressed to its own sender comes back once everything before it is durable. */
export interface Envelope {
  readonly to: ReplicaId
  readonly message: Message
}
