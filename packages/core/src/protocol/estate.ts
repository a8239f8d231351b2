/**
 * Which votes a store owns, and whom it would leave them to (bequest.md sections 2 and 3): what of it is durable, what is on
 * its way to the disk, and which votes may be cast now. Knows the state, sends nothing.
 */
import type { Incarnation, ReplicaId, VoteId } from './ids.ts'
import { ownVote } from './ids.ts'
import type { Bequest } from './message.ts'

/** Who gets this store's votes when its page closes, and the start of this store in which that was written. */
export interface Armed {
  readonly heir: ReplicaId
  readonly incarnation: Incarnation
}

/** What became of the bequest that another store may have sent in its start `incarnation`: taken, or never to be taken. */
export interface Receipt {
  readonly incarnation: Incarnation
  readonly verdict: 'held' | 'void'
  readonly votes: readonly VoteId[]
}

/** What the disk holds of it. */
export interface DurableEstate {
  readonly votes: readonly VoteId[]
  readonly armed: Armed | undefined
  /** The newest of each store; kept for ever, also after the votes were passed on. */
  readonly receipts: ReadonlyMap<ReplicaId, Receipt>
}

/**
 * B5: what a store finds of it at its start, before it says anything. Where the page noted that it left its votes to nobody,
 * the heir never got them.
 */
export function estateAtStart(
  found: Omit<DurableEstate, 'votes'> & { readonly votes: readonly VoteId[] | undefined },
  self: ReplicaId,
  notSent: number | undefined,
): DurableEstate {
  const { votes = [ownVote(self)], armed, receipts } = found
  return { votes, armed: armed?.incarnation === notSent ? undefined : armed, receipts }
}

/** A write on its way; when it is durable, the store holds `votes`. */
export interface EstateWrite {
  readonly kind: 'arm' | 'take' | 'drop'
  readonly votes: readonly VoteId[]
  /** Whose votes are taken. */
  readonly from: ReplicaId | undefined
}

export interface Estate {
  /** Durable. */
  held: readonly VoteId[]
  /** As of the last write, which may still be on its way. */
  written: readonly VoteId[]
  armed: Armed | undefined
  readonly receipts: Map<ReplicaId, Receipt>
  /** In the order in which they will be durable. */
  readonly writes: EstateWrite[]
  /** Bequests that could not be taken yet: this store lacks what their senders had accepted. */
  readonly late: Map<ReplicaId, Bequest>
  /** The page has closed: this start never casts a vote again. */
  dead: boolean
  /** It closed without a bequest, for certain: to be remembered synchronously. */
  notSent: boolean
}

export const freshEstate = (votes: readonly VoteId[]): Estate => ({
  held: votes,
  written: votes,
  armed: undefined,
  receipts: new Map(),
  writes: [],
  late: new Map(),
  dead: false,
  notSent: false,
})

/** An earlier start of this store may have left its votes to somebody, and nobody here knows whether they arrived. */
export const isUnresolved = ({ armed }: Estate, incarnation: Incarnation): boolean =>
  armed !== undefined && armed.incarnation !== incarnation

/** The votes that the store may cast now. None: it is a standby. */
export function castable(estate: Estate, incarnation: Incarnation): readonly VoteId[] {
  if (estate.dead || isUnresolved(estate, incarnation)) return []
  return estate.held.filter((vote) => estate.written.includes(vote))
}

export const isArmWriting = ({ writes }: Estate): boolean =>
  writes.some(({ kind }) => kind === 'arm')
