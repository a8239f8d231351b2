/** Names of the things that the protocol talks about. Knows their form and order, not what they are used for. */
import { assert } from '../base/assert.ts'
import type { Branded } from '../base/brand.ts'

/** A store: 32 lowercase hex digits, the first 128 bits of the hash of its public key. */
export type ReplicaId = Branded<string, 'ReplicaId'>
/** An acceptor's name in a configuration: the id of the store that it was made for, which another one may cast since. */
export type VoteId = Branded<string, 'VoteId'>
/** 64 lowercase hex digits: the hash of the group's genesis entry. */
export type GroupId = Branded<string, 'GroupId'>
/** Position in the log, 0-based. A name that ends in `End` is the first index that is not included. */
export type Index = Branded<number, 'Index'>
/** Counts the starts of a store; durable, at least 1. */
export type Incarnation = Branded<number, 'Incarnation'>
/** Milliseconds of a monotonic clock whose zero means nothing. */
export type Millis = Branded<number, 'Millis'>
/** Milliseconds since 1970 by some wall clock. */
export type WallMillis = Branded<number, 'WallMillis'>

const replicaIdForm = /^[0-9a-f]{32}$/
const voteIdForm = /^[0-9a-f]{32}(~[1-9][0-9]{0,15})?$/
const groupIdForm = /^[0-9a-f]{64}$/

/** Whether a value has the form of a replica id: 32 lowercase hex digits. */
export const isReplicaId = (value: unknown): value is ReplicaId =>
  typeof value === 'string' && replicaIdForm.test(value)

/** Whether a value has the form of a group id: 64 lowercase hex digits. */
export const isGroupId = (value: unknown): value is GroupId =>
  typeof value === 'string' && groupIdForm.test(value)

export const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

/** The id that a text spells; throws InvariantViolation for any other text, so check a peer’s with `isReplicaId` first. */
export function replicaId(value: string): ReplicaId {
  assert(isReplicaId(value), `not a replica id: ${value}`)
  return value
}

/** The vote that a store is born with carries the store's own name (bequest.md B1). */
export const ownVote = (store: ReplicaId): VoteId => store as string as VoteId

/** The vote of a store that left an earlier one to somebody; `start` makes it one that was never used. */
export const renewedVote = (store: ReplicaId, start: Incarnation): VoteId =>
  `${store}~${start}` as VoteId

/** Whether a value has the form of a vote: the name of a store, and perhaps the start in which it was made. */
export const isVoteId = (value: unknown): value is VoteId =>
  typeof value === 'string' && voteIdForm.test(value)

/** The store whose name a vote carries. */
export const storeOfVote = (vote: VoteId): ReplicaId => vote.slice(0, 32) as ReplicaId

export function index(value: number): Index {
  assert(isCount(value), `not an index: ${value}`)
  return value as Index
}

export function incarnation(value: number): Incarnation {
  assert(isCount(value), `not an incarnation: ${value}`)
  return value as Incarnation
}

/** Marks a reading of a monotonic clock. */
export const millis = (value: number): Millis => value as Millis
/** Marks a reading of a wall clock. */
export const wallMillis = (value: number): WallMillis => value as WallMillis

/** Distinguishes re-foundings of one group; the id decides between two that were made at the same time. */
export interface Epoch {
  readonly number: number
  /** 32 hex digits, or empty for the epoch that the founder began. */
  readonly id: string
}

/** A group as frames name it. */
export interface GroupName {
  readonly id: GroupId
  readonly epoch: Epoch
}

export const firstEpoch: Epoch = { number: 0, id: '' }

export const sameEpoch = (a: Epoch, b: Epoch): boolean => a.number === b.number && a.id === b.id
