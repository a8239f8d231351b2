/** What the server refuses, in words that code can compare and people can read. Knows no socket. */

/** Each code with the sentence that `error.message` carries. No sentence ever repeats what the peer sent. */
export const errorSentences = {
  'bad-json': 'The message is not JSON. Send one JSON object per text frame.',
  'bad-message':
    'The message is not one of this wire: unknown type, a key missing or too many, or a value out of bounds.',
  'unsupported-version': 'This server speaks version 1 of the rendezvous wire. Update the page.',
  'too-large': 'The message is larger than 32 KiB. Send signals in smaller pieces.',
  binary: 'Binary frames are not part of this wire. Send text.',
  'rate-limited': 'Too many messages. This one was not passed on: wait, then send less often.',
  'no-such-peer': 'That peer is not in the room. It may come back under the same id.',
  'not-joined': 'Join a room first.',
  'already-joined': 'This socket is in a room already. Leave it before joining another.',
  'room-full': 'The room is full. Try again later.',
  'server-full': 'This server holds as many rooms as it may. Try again later, or another server.',
  'join-timeout': 'No join came in time. Connect again when there is a room to join.',
  replaced: 'The same peer joined this room again on another socket, which takes over.',
  'slow-reader': 'Messages were read too slowly and piled up. Connect again.',
  draining: 'This server is about to restart and takes nobody in. Connect again in a moment.',
  internal: 'The server made a mistake. Only this socket is closed; connect again.',
} as const

/** What an `error` message says in one word: a key of `errorSentences`. */
export type ErrorCode = keyof typeof errorSentences

/** Own keys only: a peer may well write `constructor`. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorSentences, value)
}
