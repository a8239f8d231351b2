/** From the start of a replica to its end. Types only. */

/** `running` ends once, in one of the last two. */
export type Lifecycle =
  | { readonly state: 'created' }
  | { readonly state: 'running'; readonly stopTicks: () => void }
  | { readonly state: 'closed' }
  | { readonly state: 'halted'; readonly error: Error }
