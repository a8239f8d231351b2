/** A message on its way between two tabs, and in which form. Knows no links. */
import type { Frame, Message, ReplicaState } from '@unanimous/core/internal'
import { firstEpoch } from '@unanimous/core/internal'

/** A message on its way: as bytes, or as itself. */
export type Parcel = Uint8Array | Frame

/** A frame as it is, without the detour through bytes. */
export const frameOf = (message: Message, { group }: ReplicaState): Frame => ({
  group: group?.id,
  epoch: group?.epoch ?? firstEpoch,
  message,
})
