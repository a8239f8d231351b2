/** From the opening of a group in a tab to its end there, and what people are told meanwhile. */
import type { Lifecycle } from '@unanimous/core'
import { StorageError } from '@unanimous/core'

/**
 * `away`: the browser put the page away and may show it again, or the store is being worked on; `comeback` counts how often.
 * `outdated`: the others began the group anew without what this tab holds. `ended`: for good.
 */
export type Life =
  | { readonly state: 'here' }
  | { readonly state: 'outdated'; readonly why: string }
  | { readonly state: 'away'; readonly comeback: number; readonly why: string }
  | { readonly state: 'ended'; readonly why: string }

export const putAway = 'This page was put away; it takes part again as soon as it is shown.'
export const beginsAnew = 'The group is begun anew from what this tab holds.'
export const joinsAnew = 'The group was begun anew from another tab’s copy; this tab joins it.'

export const isStorageFailure = (lifecycle: Lifecycle): boolean =>
  lifecycle.state === 'halted' && lifecycle.error instanceof StorageError
