/** What a peer id and a room name may look like. Knows nothing of who owns them: the server proves no identity. */

import { peerIdLength, roomNameLengthMax } from './limits.ts'

declare const brand: unique symbol

/** 32 lowercase hex digits: 128 random bits chosen by the peer. */
export type PeerId = string & { readonly [brand]: 'PeerId' }

/** 1 to 128 characters, none of them a control character, a line separator or half a surrogate pair. */
export type RoomName = string & { readonly [brand]: 'RoomName' }

/** The application passed a name that no server would accept. */
export class NameError extends Error {
  override readonly name = 'NameError'
  readonly code: 'bad-peer-id' | 'bad-room-name'

  constructor(code: 'bad-peer-id' | 'bad-room-name', message: string) {
    super(message)
    this.code = code
  }
}

const hexDigits = new RegExp(`^[0-9a-f]{${peerIdLength}}$`)
// Control characters and separators forge lines in logs; a lone surrogate has no UTF-8, so two names could become one.
const unfitForRoom = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u

/** Whether this is a string of 32 lowercase hex digits. */
export function isPeerId(value: unknown): value is PeerId {
  return typeof value === 'string' && hexDigits.test(value)
}

/** Whether this is a string that a server takes as the name of a room. */
export function isRoomName(value: unknown): value is RoomName {
  return (
    typeof value === 'string' &&
    value.length >= 1 &&
    value.length <= roomNameLengthMax &&
    !unfitForRoom.test(value)
  )
}

/**
 * The same string, known to be a peer id.
 * @throws NameError `bad-peer-id`
 */
export function peerId(value: string): PeerId {
  if (isPeerId(value)) return value
  throw new NameError('bad-peer-id', `a peer id is ${peerIdLength} lowercase hex digits`)
}

/**
 * The same string, known to be a room name.
 * @throws NameError `bad-room-name`
 */
export function roomName(value: string): RoomName {
  if (isRoomName(value)) return value
  throw new NameError(
    'bad-room-name',
    `a room name is 1 to ${roomNameLengthMax} characters without control characters`,
  )
}
