/** Messages to text. Knows how long a text is in bytes, since the limits count bytes and this room has no TextEncoder. */

import { signalDataBytesMax } from './limits.ts'
import type { ClientMessage, ServerMessage } from './message.ts'

/** One text frame. Never longer than the limit if `signalDataFits` holds for the data of a signal. */
export function encodeClientMessage(message: ClientMessage): string {
  return JSON.stringify(message)
}

/** One text frame; the same object always gives the same text. */
export function encodeServerMessage(message: ServerMessage): string {
  return JSON.stringify(message)
}

/** Bytes of `text` in UTF-8. Half a surrogate pair counts as three, which is what encoders write in its place. */
export function utf8Bytes(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}

/** Whether `data` may be the data of one signal: not empty, and within the limit once written as JSON. */
export function signalDataFits(data: string): boolean {
  if (data.length === 0 || data.length > signalDataBytesMax) return false
  return utf8Bytes(JSON.stringify(data)) <= signalDataBytesMax
}
