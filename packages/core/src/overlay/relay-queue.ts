/**
 * Data frames of others on their way through here: what a link takes leaves at once, the rest waits, and of what waits the
 * oldest goes first when it grows too much. Knows sizes and moments, not what the frames say.
 */
import type { Millis, ReplicaId } from '../protocol/ids.ts'
import {
  relayBurstBytes,
  relayRateBytesPerMs,
  relayWaitingBytesMax,
  relayWaitingFramesMax,
} from '../protocol/limits.ts'
import type { Relayed } from '../protocol/message.ts'

/** A frame, whom it goes to next, and about how many bytes it takes. */
export interface Passage {
  readonly to: ReplicaId
  readonly frame: Relayed
  readonly bytes: number
}

export interface RelayQueue {
  waiting: readonly Passage[]
  /** Bytes that may leave at once, as of `creditAt`; below zero after a frame that is larger than a burst. */
  creditBytes: number
  creditAt: Millis | undefined
}

export const emptyRelayQueue = (): RelayQueue => ({
  waiting: [],
  creditBytes: relayBurstBytes,
  creditAt: undefined,
})

/** Takes a frame in. How many older ones had to go for it. */
export function enqueue(queue: RelayQueue, passage: Passage): number {
  const waiting = [...queue.waiting, passage]
  let bytes = waiting.reduce((sum, each) => sum + each.bytes, 0)
  let from = 0
  while (bytes > relayWaitingBytesMax || waiting.length - from > relayWaitingFramesMax) {
    bytes -= waiting[from]?.bytes ?? 0
    from += 1
  }
  queue.waiting = from === 0 ? waiting : waiting.slice(from)
  return from
}

/** What may leave now, in the order in which it came. */
export function dequeue(queue: RelayQueue, now: Millis): readonly Passage[] {
  const idleMs = now - (queue.creditAt ?? now)
  const credit = Math.min(relayBurstBytes, queue.creditBytes + idleMs * relayRateBytesPerMs)
  queue.creditAt = now
  queue.creditBytes = credit
  let end = 0
  for (const { bytes } of queue.waiting) {
    if (queue.creditBytes <= 0) break
    queue.creditBytes -= bytes
    end += 1
  }
  const passing = queue.waiting.slice(0, end)
  if (end > 0) queue.waiting = queue.waiting.slice(end)
  return passing
}
