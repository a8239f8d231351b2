/** What only a person should decide about a group. Types only. */
import type { MemberId } from './machine.ts'

/** A group that was begun anew. */
export interface Recovered {
  /** Counts how often the group was begun anew. */
  readonly epoch: number
  /** What was decided at this index or above it, by voters that are gone now, may be lost: nobody here knows. */
  readonly lostFrom: number
}

/** A stored state. */
export interface Stored {
  /** How many entries of the log it stands for. */
  readonly index: number
  /** Of the machine's state as JSON. */
  readonly bytes: number
}

/** Ends the wait; what was asked for may still come true. */
export interface AdminOptions {
  readonly abort?: AbortSignal
}

/**
 * Acts beside the group's own rules, from any tab of it: the leader does them, with the same safe steps as what the group does by
 * itself, and every leader after it keeps to them. Each rejects with `NotGranted` or the reason of `abort` unless it says otherwise.
 */
export interface Admin {
  /**
   * That tab leads from here on; the best other one where none is named. Resolves once it does. The group may move the lead again
   * by itself: when its page hides, or when another tab has been placed better for half a minute.
   *
   * @example
   * await group.admin.transferLeadership(group.me)
   */
  transferLeadership(to?: MemberId, options?: AdminOptions): Promise<void>
  /**
   * A standby gets a vote at once, and keeps it before others as long as it is there. Where the group has as many voters as it
   * wants, or their number would be even, another one gives up its vote.
   */
  promote(id: MemberId, options?: AdminOptions): Promise<void>
  /** A voter stands by from here on: a standby takes its place, if there is one, and it gets no vote until `promote` or `readmit`. */
  demote(id: MemberId, options?: AdminOptions): Promise<void>
  /**
   * Takes a tab out of the group, here or away: it has no vote, keeps no log for the group, and can only watch until `readmit`. That
   * keeps a tab out, and no person: whoever knows the secret can come in as somebody new, until `rotate`.
   */
  remove(id: MemberId, options?: AdminOptions): Promise<void>
  /**
   * The group goes over to another secret: who was taken out with `remove` before, and whoever has only an old link, gets no link any
   * more. Everybody else in touch goes over without doing anything, and who was away is told when it comes back. Resolves once
   * `invite` carries the new secret: links of before let nobody new in, so send new ones (`on('invite')`).
   *
   * @example
   * await group.admin.remove(mallory)
   * await group.admin.rotate()
   */
  rotate(options?: AdminOptions): Promise<void>
  /** Takes `promote`, `demote` or `remove` back: the group decides about that tab by itself again. */
  readmit(id: MemberId, options?: AdminOptions): Promise<void>
  /**
   * Stores the state of all that is decided here now, in place of the log, as the group does by itself once the log has grown.
   * Only in this tab. Rejects with `NotStored`.
   */
  snapshot(options?: AdminOptions): Promise<Stored>
  /**
   * What is decided and applied here, as a file that a person can keep: JSON, with a checksum. `createGroup({ archive })` begins a new
   * group from it, `readArchive` tells what is in it. Also without a majority. Rejects with `NotStored`.
   *
   * @example
   * const url = URL.createObjectURL(await group.admin.exportArchive())
   */
  exportArchive(options?: AdminOptions): Promise<Blob>
  /**
   * When a majority of the voters is gone for good: goes on with the same group from what this tab holds, as its only voter, and
   * whoever else is left joins it. What only the others knew is lost; if they come back after all there are two groups, and
   * people have to decide (`room-conflict`). While nobody can decide, everything that is applied can be read with
   * `consistency: 'local'`.
   *
   * Rejects with `NotRecovered`: a majority can be reached, another tab holds a better copy, there is no group in this tab
   * yet, or its store failed; with `NotRecovered` nothing has changed.
   *
   * @example
   * const { epoch, lostFrom } = await group.admin.recover({ acceptPossibleLoss: true })
   */
  recover(consent: { readonly acceptPossibleLoss: true }): Promise<Recovered>
}
