/** One socket in the hall: where it is in its life, and what it may still do. Data only; hall.ts decides. */

import type { PeerId, RoomName } from '@unanimous/signaling-protocol'
import type { Connection } from './connection.ts'
import type { Bucket } from './token-bucket.ts'

export type Place =
  | { readonly kind: 'outside'; readonly joinByMs: number }
  | { readonly kind: 'inside'; readonly room: RoomName; readonly peer: PeerId }
  | { readonly kind: 'closing'; readonly cutAtMs: number }

export type Heartbeat =
  | { readonly kind: 'resting'; readonly pingAtMs: number }
  | { readonly kind: 'asked'; readonly cutAtMs: number }

export interface Session {
  readonly connection: Connection
  readonly address: string
  place: Place
  heartbeat: Heartbeat
  messages: Bucket
}
