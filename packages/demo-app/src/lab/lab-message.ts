/** What the page and its worker say to each other. Types only. */
import type { Protocol, Shot } from '@unanimous/simulator'
import type { Ending } from './recording.ts'

/** To the worker, once: a worker plays one run and is thrown away. */
export interface Order {
  readonly text: string
  readonly protocol: Protocol
  readonly seed: number
}

export type Report =
  | { readonly type: 'shots'; readonly shots: readonly Shot[] }
  | { readonly type: 'ended'; readonly ending: Ending }
  /** The text, which the page has read before, is no scenario to the worker. */
  | { readonly type: 'wrong'; readonly why: string }
