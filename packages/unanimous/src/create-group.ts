/** Opens a group in this tab. */
import type { GroupId, OpenStorage } from '@unanimous/core'
import type { Group } from './group.ts'
import type { Commands, Machine } from './machine.ts'

export interface GroupOptions<S, C extends Commands<S>> {
  /** 1 to 128 characters. Tabs of one room find each other. */
  readonly room: string
  readonly machine: Machine<S, C>
  /** Rendezvous servers, `ws:` or `wss:`; several are tried together, the first that answers decides who came first. */
  readonly signal: string | readonly string[]
  /**
   * `auto`: found a group if this tab is the first in an empty room. `never`: wait for a member. `always`: found at once.
   * `auto` unless an invite is given, which implies `never`.
   */
  readonly found?: 'auto' | 'never' | 'always'
  /** A link from `group.invite`: only that group is joined. */
  readonly invite?: string | URL
  /** The only group to join; an invite names it too. */
  readonly group?: GroupId
  /** How many voters the group grows to; 5 unless told. */
  readonly voters?: 1 | 3 | 5 | 7 | 9
  /** STUN and TURN servers; none unless told. */
  readonly ice?: RTCConfiguration
  /** IndexedDB unless told; `memoryStorage()` for a group that does not last. */
  readonly storage?: OpenStorage
  readonly abort?: AbortSignal
}

export declare function createGroup<S, C extends Commands<S>>(
  options: GroupOptions<S, C>,
): Promise<Group<S, C>>
