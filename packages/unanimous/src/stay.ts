/**
 * One stay of this tab in its group: from the opening of its store until the page is put away or the group is closed. Knows how
 * it ends; a page that is shown again begins another one.
 */
import type { GroupId, Refounded, Replica, StateMachine, Storage } from '@unanimous/core'
import { refoundStore, renewStore } from '@unanimous/core'
import type { Mesh } from '@unanimous/webrtc-transport'
import { randomBytes } from './chance.ts'
import type { Ending, MachineRunner } from './machine-runner.ts'
import type { Commands } from './machine.ts'

/** What becomes of decided commands at a member: they are run, or, where there is no machine, kept. */
export type Runner<S, C extends Commands<S>> = StateMachine<Ending> &
  Pick<MachineRunner<S, C>, 'state' | 'subscribe' | 'whyNot'>

export interface Stay<S, C extends Commands<S>> {
  readonly replica: Replica<Ending>
  readonly runner: Runner<S, C>
  readonly mesh: Pick<Mesh, 'open' | 'rendezvous' | 'links' | 'subscribe' | 'probe'>
  readonly storage: Storage
  /** The name of the store. */
  readonly store: string
  /** Deletes the store; absent for one in memory, which goes with its page. */
  readonly erase?: () => Promise<void>
  /** Gives the tab's identity back. */
  readonly release: () => void
}

/** What becomes of the store before another stay begins: nothing, a group with one voter, or a store that was never used. */
export type Beginning = 'as it is' | 'anew' | 'as a stranger'

/** Nobody may use the store meanwhile. Rejects with StorageError; then the store is as it was. */
export async function prepare(
  storage: Storage,
  beginning: Beginning,
): Promise<Refounded | undefined> {
  if (beginning === 'anew') return refoundStore(storage, randomBytes)
  if (beginning === 'as a stranger') await renewStore(storage, randomBytes)
  return undefined
}

/** Of the group: which one, if this tab was in one, and its secret; empty: the room is public. */
export interface LastKnown {
  readonly group: GroupId | undefined
  readonly secret: string
}

export function lastKnown<S, C extends Commands<S>>({ replica }: Stay<S, C>): LastKnown {
  const { group, secrets } = replica
  return { group, secret: secrets.known.current.secret }
}

/** A stay whose store is open, and that has said nothing yet. */
export interface ReadyStay<S, C extends Commands<S>> {
  /** What the group begins with, if it was begun anew. */
  readonly refounded: Refounded | undefined
  /** Begins it; whoever listens from this turn on misses nothing. */
  start(): Stay<S, C>
  /** Gives store and identity back instead. */
  discard(): void
}

/**
 * Says good-bye synchronously, for `pagehide`. Once is enough; twice does nothing more. Resolves when the store is closed, and
 * deleted if `erases`.
 */
export function endStay<S, C extends Commands<S>>(
  { replica, storage, erase, release }: Stay<S, C>,
  erases: boolean,
): Promise<void> {
  replica.closeNow()
  const closed = storage.close().then(() => (erases ? erase?.() : undefined))
  // Only after the store is closed may another tab use this identity.
  closed.then(release, release)
  return closed
}
