/** Troubles made on purpose, for demonstrations and tests: what an application can ask for. Types only. */
import type { Fault, FaultDirection } from '@unanimous/webrtc-transport'
import type { MemberId } from './machine.ts'

/** Whose messages suffer: those of one peer, or of all that have nothing of their own; both directions unless told. */
export interface FaultAim {
  readonly peer?: MemberId
  readonly direction?: FaultDirection
}

/**
 * Makes troubles between this tab and the others, or in this tab. Only messages suffer: WebRTC and the links go on, so that
 * a direction can be cut alone, which no real network keeps up for long. What is asked for replaces what was asked for
 * before of the same kind, peer and direction. Reloading the page ends it all.
 */
export interface Faults {
  /** Nothing from (`in`) or to (`out`) that peer passes any more; both unless told. Neither end is told. */
  cut(peer: MemberId, options?: { readonly direction?: FaultDirection }): void
  /** Ends what was asked for about that peer, or everything but stopped signaling. */
  heal(peer?: MemberId): void
  /** Holds each message back for a time between the two, in milliseconds, and keeps the order. `[0, 0]` ends it. */
  delay(options: FaultAim & { readonly ms: readonly [min: number, max: number] }): void
  /** Loses this share of the messages, from 0 (none) to 1. */
  drop(options: FaultAim & { readonly share: number }): void
  /** Lets this share of the messages arrive twice. */
  duplicate(options: FaultAim & { readonly share: number }): void
  /** Lets this share of the messages arrive after the one behind it. */
  reorder(options: FaultAim & { readonly share: number }): void
  /** Blocks the thread of this tab for so long, here and now: nothing in the page runs. At most a minute. */
  stall(ms: number): void
  /**
   * Deletes the store of this tab, as a browser does that clears a site's data: the tab halts and says so, and is another member
   * when it is reloaded. A majority of stores that are wiped is a group that is lost. Rejects for a store in memory.
   */
  wipe(): Promise<void>
  /** Ends the connection with that peer; the two build another if they can. */
  breakLink(peer: MemberId): void
  /** No signaling server can be reached from this tab, until `startSignaling`. */
  stopSignaling(): void
  startSignaling(): void
  /** Chance begins anew from here: the same messages meet the same fate. */
  seed(seed: string): void
  /** What is wrong now; the same array until that changes. */
  list(): readonly Fault[]
  /** Called after `list()` has changed. Returns how to stop. */
  subscribe(listener: () => void): () => void
}
