/**
 * What waits to be sent on one link, and how it is packed: control before data, several small messages to a packet,
 * large ones in parts. Knows neither the channel nor whether it is open.
 */
import type { Priority } from '@unanimous/core'
import {
  beginPacket,
  frameHeadBytes,
  partBytes,
  partHeadBytes,
  wholeBytesMax,
  writePart,
  writeWhole,
} from './framing.ts'
import { packetBytesMax, type MeshLimits } from './limits.ts'
import { createMessageQueue, type MessageQueue } from './message-queue.ts'

export interface Outbox {
  /** False: the queue of that class is full, and the message was not taken. */
  push(message: Uint8Array, priority: Priority): boolean
  /** Fills `into`, of `packetBytesMax` bytes, with the next packet; its length, or 0 if nothing waits. */
  pack(into: Uint8Array): number
  /** What waits, in both classes. */
  bytes(): number
  clear(): void
}

/** The message at the head of a queue that is already on its way in parts. */
interface InParts {
  readonly id: number
  next: number
}

interface Lane {
  readonly priority: Priority
  readonly queue: MessageQueue
  inParts: InParts | undefined
}

export function createOutbox(
  limits: Pick<MeshLimits, 'controlQueueBytesMax' | 'dataQueueBytesMax'>,
): Outbox {
  const control = lane('control', limits.controlQueueBytesMax)
  const data = lane('data', limits.dataQueueBytesMax)
  let nextId = 0

  /** The end of what was written: `at` if the first message of the lane has to wait for another packet. */
  function packFirst(from: Lane, first: Uint8Array, into: Uint8Array, at: number): number {
    const room = packetBytesMax - at - frameHeadBytes
    if (first.length <= wholeBytesMax) {
      if (first.length > room) return at
      from.queue.dropFirst()
      return writeWhole(into, at, from.priority, first)
    }
    const sent = (from.inParts ??= { id: takeId(), next: 0 })
    const start = sent.next * partBytes
    const bytes = first.subarray(start, start + partBytes)
    if (partHeadBytes + bytes.length > room) return at
    const total = Math.ceil(first.length / partBytes)
    const place = { priority: from.priority, id: sent.id, index: sent.next, total, bytes }
    const end = writePart(into, at, place)
    sent.next += 1
    if (sent.next === total) {
      from.inParts = undefined
      from.queue.dropFirst()
    }
    return end
  }

  function packLane(from: Lane, into: Uint8Array, start: number): number {
    let at = start
    for (let first = from.queue.first(); first !== undefined; first = from.queue.first()) {
      const end = packFirst(from, first, into, at)
      if (end === at) return at
      at = end
    }
    return at
  }

  function takeId(): number {
    const id = nextId
    nextId = (nextId + 1) >>> 0
    return id
  }

  return {
    push: (message, priority) => (priority === 'control' ? control : data).queue.push(message),
    pack(into) {
      const start = beginPacket(into)
      const afterControl = packLane(control, into, start)
      // A packet that control leaves unfinished is not filled with data: the rest of control comes first.
      const end = control.queue.bytes() > 0 ? afterControl : packLane(data, into, afterControl)
      return end === start ? 0 : end
    },
    bytes: () => control.queue.bytes() + data.queue.bytes(),
    clear() {
      for (const each of [control, data]) {
        each.queue.clear()
        each.inParts = undefined
      }
    },
  }
}

function lane(priority: Priority, bytesMax: number): Lane {
  return { priority, queue: createMessageQueue(bytesMax), inParts: undefined }
}
