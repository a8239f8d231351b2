/**
 * What a member stands on: where its identity, its disk, its links and its end come from. A page is one such host, a process in
 * Node another one. Types only.
 */
import type { LastWords, OpenStorage } from '@unanimous/core'
import type { MeshOptions } from '@unanimous/webrtc-transport'
import type { Slot } from './identity-slots.ts'
import type { PageLife } from './page-life.ts'

/** The place where a member of a group lives. */
export interface Host {
  /**
   * An identity that nobody else uses as long as it is not released. Its number is negative where nothing guards it: then only a
   * store in memory will do. Rejects when there is none to have.
   */
  claim(room: string): Promise<Slot>
  /** Who only observes has an identity and a store that last, too: it is the same member at each start. */
  readonly lasting: boolean
  /** The disk of an application that says nothing. */
  readonly openStorage: OpenStorage
  readonly lastWords: LastWords
  /** The failure domain of the stores here: 32 hex digits; `alwaysOnProfile` of some, where nobody closes a window. */
  profile(): string
  /** How the store `name` on a disk of this kind is deleted; undefined: it goes with the process. */
  eraser(kind: string, name: string): (() => Promise<void>) | undefined
  /** The WebRTC and the WebSocket of a host that has none built in. */
  readonly platform: Pick<MeshOptions, 'openChannel' | 'openSocket'>
  /** What invites are made of: the address of the application's page. */
  address(): string
  /** Tells what happens to the member; returns how to stop. */
  watch(life: PageLife): () => void
}
