/** A message on its way between two tabs: in which form, and which others it overtakes. Knows no links. */
import type { Frame, Message, ReplicaState } from '@unanimous/core/internal'
import { firstEpoch } from '@unanimous/core/internal'

/** A message on its way: as bytes, or as itself. */
export type Parcel = Uint8Array | Frame

const controlTypes = new Set<Message['type']>([
  ...(['beacon', 'prepare', 'nack', 'gap', 'takeOver', 'join', 'leave', 'left'] as const),
  ...(['welcome', 'readProbe', 'readAck', 'readIndex', 'readIndexReply'] as const),
])

export const isControl = ({ type }: Message): boolean => controlTypes.has(type)

/** A frame as it is, without the detour through bytes. */
export const frameOf = (message: Message, { group }: ReplicaState): Frame => ({
  group: group?.id,
  epoch: group?.epoch ?? firstEpoch,
  message,
})
