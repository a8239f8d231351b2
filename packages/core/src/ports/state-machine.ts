/** The application, as the runtime sees it. */
import type { Ballot } from '../protocol/ballot.ts'
import type { Command, ProposalId } from '../protocol/entry.ts'
import type { Index, WallMillis } from '../protocol/ids.ts'

/** A command of the log, with the place and the time that all replicas agree on. */
export interface DecidedCommand extends ProposalId {
  readonly index: Index
  readonly ballot: Ballot
  readonly stamp: WallMillis
  readonly command: Command
}

/** Deterministic: the same commands in the same order give the same results on every replica, for ever. */
export interface StateMachine<Outcome> {
  /** Synchronous, in index order, each command once. One that throws halts the replica: a replica cannot skip what is decided. */
  apply(command: DecidedCommand): Outcome
  /**
   * The whole state as bytes: equal states are equal bytes. Asked for once in a while, between two commands, to compare.
   * Undefined: there is no state here, commands are only kept.
   */
  snapshot(): Uint8Array | undefined
  /**
   * The whole state as bytes, for `restore`: replicas that applied the same commands give the same. Undefined: it cannot be
   * stored; then another store's takes its place, or the log is kept whole.
   */
  save(): Uint8Array | undefined
  /**
   * Takes a state that `save` gave, here or on another replica, in place of its own; `version`: of the state, undefined if none was
   * decided on. One that throws halts the replica.
   */
  restore(state: Uint8Array, version: number | undefined): void
  /** The versions of itself that it can run, rising. Absent: it is the same for any. */
  readonly versions?: readonly number[]
  /** From here on commands mean what this version says, which is one of `versions`. One that throws halts the replica. */
  raise?(version: number): void
}
