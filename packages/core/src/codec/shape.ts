/**
 * MessagePack looked over before a library makes values of it: a list that claims more elements than there are bytes, or lists
 * in lists in lists, would be allocated on a peer's word. Knows which kinds of value are ever sent, not what they mean.
 */
import { Malformed } from './malformed.ts'

/** A frame or record holds lists of lists of numbers; nothing of ours is deeper. */
const depthMax = 3

/** Throws `Malformed` unless `bytes` are one value that is as long as it says, of kinds that are ever sent. */
export function checkShape(bytes: Uint8Array): void {
  if (endOfValue(bytes, 0, depthMax) !== bytes.length) {
    throw new Malformed('longer than it says')
  }
}

function endOfValue(bytes: Uint8Array, at: number, depthLeft: number): number {
  const head = byteAt(bytes, at)
  if (head < 0x80) return at + 1
  if (head < 0x90) throw new Malformed('a kind of value that is never sent')
  if (head < 0xa0) return endOfList(bytes, { at: at + 1, count: head & 0x0f }, depthLeft)
  if (head < 0xc0) return endOf(bytes, at + 1, head & 0x1f)
  switch (head) {
    case 0xc2:
    case 0xc3:
      return at + 1
    case 0xcc:
      return endOf(bytes, at + 1, 1)
    case 0xcd:
      return endOf(bytes, at + 1, 2)
    case 0xce:
      return endOf(bytes, at + 1, 4)
    case 0xcf:
      return endOf(bytes, at + 1, 8)
    case 0xc4:
    case 0xd9:
      return endOf(bytes, at + 2, numberAt(bytes, at + 1, 1))
    case 0xc5:
    case 0xda:
      return endOf(bytes, at + 3, numberAt(bytes, at + 1, 2))
    case 0xc6:
      return endOf(bytes, at + 5, numberAt(bytes, at + 1, 4))
    case 0xdc:
      return endOfList(bytes, { at: at + 3, count: numberAt(bytes, at + 1, 2) }, depthLeft)
    case 0xdd:
      return endOfList(bytes, { at: at + 5, count: numberAt(bytes, at + 1, 4) }, depthLeft)
    default:
      throw new Malformed('a kind of value that is never sent')
  }
}

function endOfList(
  bytes: Uint8Array,
  { at, count }: { at: number; count: number },
  depthLeft: number,
): number {
  if (depthLeft === 0) throw new Malformed('lists within lists')
  // Each element takes a byte at least.
  let next = endOf(bytes, at, count) - count
  for (let element = 0; element < count; element += 1) {
    next = endOfValue(bytes, next, depthLeft - 1)
  }
  return next
}

function endOf(bytes: Uint8Array, at: number, length: number): number {
  if (at + length > bytes.length) throw new Malformed('shorter than it says')
  return at + length
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at]
  if (byte === undefined) throw new Malformed('shorter than it says')
  return byte
}

/** Big-endian, as all of MessagePack. */
function numberAt(bytes: Uint8Array, at: number, size: number): number {
  let value = 0
  for (let offset = 0; offset < size; offset += 1) {
    value = value * 256 + byteAt(bytes, at + offset)
  }
  return value
}
