/** What only a person should decide about a group. Types only. */

/** A group that was begun anew. */
export interface Recovered {
  /** Counts how often the group was begun anew. */
  readonly epoch: number
  /** What was decided at this index or above it, by voters that are gone now, may be lost: nobody here knows. */
  readonly lostFrom: number
}

/** Acts beside the group's own rules. */
export interface Admin {
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
