/** How a group looks from one tab, for people and programs. Types only. */
import type { Ballot, GroupId, Rung } from '@unanimous/core'
import type { LinkRoute } from '@unanimous/webrtc-transport'
import type { MemberId } from './machine.ts'

/** One tab of the group as this tab sees it. */
export interface MemberInfo {
  readonly id: MemberId
  readonly isMe: boolean
  readonly rung: Rung
  /** This tab hears it and is heard by it. Always true for this tab. */
  readonly reached: boolean
  /** The ballot that it follows. */
  readonly ballot: Ballot
  /** How many entries its log has, and how many of them it knows to be decided. */
  readonly logEnd: number
  readonly decidedEnd: number
}

/** One link of this tab to another. */
export interface LinkInfo {
  readonly peer: MemberId
  readonly state: 'signaling' | 'opening' | 'open' | 'waiting'
  /** Smoothed round-trip time in milliseconds; undefined before the first answer. */
  readonly rttMs: number | undefined
  /** By which way it goes: kinds of candidates, and whether a TURN server carries it. Undefined until the browser says. */
  readonly route: LinkRoute | undefined
  /** Waiting to be sent. */
  readonly bufferedBytes: number
  /** Counts the connections that this link has used up. */
  readonly generation: number
  /** Why the peer was refused, if it was. */
  readonly refused: string | undefined
}

/** How the group looks from this tab, at one moment. */
export interface GroupStatus {
  /**
   * `joining`: in no group yet. `catching-up`: fetching the log. `ready`: a leader makes progress. `no-quorum`: none does, as
   * far as this tab sees. `stopped`: closed or halted, or put away by the browser and not yet back; see `why`.
   */
  readonly phase: 'joining' | 'catching-up' | 'ready' | 'no-quorum' | 'stopped'
  readonly rung: Rung
  readonly group: GroupId | undefined
  /** Counts how often the group was begun anew from one tab's copy (`admin.recover`). */
  readonly epoch: number
  readonly leader: MemberId | undefined
  /** For how long nothing was heard of that leader here, in milliseconds: how old what an observer shows may be. */
  readonly lagMs: number
  /** Who feeds whom with what is decided, as far as this tab takes part in it. */
  readonly feeding: {
    /** Through whom the leader's word comes to an observer, last whoever feeds it; empty for members, and while nobody does. */
    readonly path: readonly MemberId[]
    /** The observers that this tab feeds, and how many are fed through each of them. */
    readonly fed: readonly { readonly id: MemberId; readonly below: number }[]
  }
  readonly ballot: Ballot
  /** Entries of the log that are known here to be decided; all of them are applied to `state`. */
  readonly commit: number
  readonly logEnd: number
  readonly quorum: {
    /** Votes that it takes to decide. */
    readonly need: number
    /** Votes that this tab reaches, its own included. */
    readonly have: number
    /** By the newest configuration; some of them may be away. */
    readonly voters: readonly MemberId[]
  }
  /** This tab first, then the others in order of id. */
  readonly members: readonly MemberInfo[]
  readonly links: readonly LinkInfo[]
  /** Who is let in: whoever knows the room's name, or only who knows the members' secret. */
  readonly access: 'public room' | 'secret'
  /** How often the group went over to another secret (`admin.rotate`), as far as this tab has it: `invite` carries that one. */
  readonly rotations: number
  /**
   * How new links come about: with the help of a server (`online`), or of members only (`mesh`), which is enough for whoever is
   * inside; `offline`: not at all.
   */
  readonly signaling: 'connecting' | 'online' | 'mesh' | 'offline'
  readonly storage: {
    readonly kind: string
    readonly durability: 'strict' | 'none'
    readonly healthy: boolean
  }
  readonly clock: { readonly hidden: boolean }
  readonly bequest: {
    /** Who gets this tab's votes when it closes now; undefined: nobody, or nobody has to. */
    readonly heir: MemberId | undefined
    /** Closing this tab now stops nobody: the others can decide without it, its heir is on its disk, or it is alone. */
    readonly mayClose: boolean
    /** Who has to say whether it got them, before this tab can vote again. */
    readonly waitsFor: MemberId | undefined
  }
  readonly machine: {
    /** The version that the group works with; undefined before it is known here. */
    readonly version: number | undefined
    /** Those that this page carries, rising: the machine's own and its `previous`. Empty: it runs no machine. */
    readonly carried: readonly number[]
    /** The page carries the version in force. If not, `state` stays as it is: see `outdated`. */
    readonly runs: boolean
    /** Voters whose pages are older than this one: until they are reloaded the group does not go over to this page's version. */
    readonly waitsFor: readonly MemberId[]
  }
  /** Whom people took out of the group, and whose vote (`admin`), as far as is known here. Each can be let in again. */
  readonly removed: readonly MemberId[]
  readonly demoted: readonly MemberId[]
  /** Another group was met in this room; neither is touched. */
  readonly conflict: RoomConflict | undefined
  /**
   * Reload this page: a tab of this room runs a later version of the library, which does not talk to this one's, or the group works with
   * a later version of the machine than this page knows.
   */
  readonly outdated: boolean
  /** One plain sentence for the user when something is not as it should be. */
  readonly why: string | undefined
}

/** Two groups in one room: members were away while a newcomer founded another one. The people decide which to keep. */
export interface RoomConflict {
  readonly group: GroupId
  readonly founded: Date
  readonly voters: number
  readonly commit: number
}
