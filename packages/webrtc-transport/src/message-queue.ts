/** First in, first out, of messages and their bytes, with a bound. Knows nothing of packets. */

/** What a queued message costs besides its bytes, so that a flood of empty ones is bounded too. */
export const queuedMessageBytes = 32

export interface MessageQueue {
  /** False if it is full. One that is empty takes any message. */
  push(message: Uint8Array): boolean
  first(): Uint8Array | undefined
  dropFirst(): void
  clear(): void
  /** What the queued messages cost. */
  bytes(): number
}

/** Entries that were taken are kept until there are this many: moving the rest each time would make draining slow. */
const takenMax = 1024

export function createMessageQueue(bytesMax: number): MessageQueue {
  let messages: (Uint8Array | undefined)[] = []
  let head = 0
  let bytes = 0

  return {
    bytes: () => bytes,
    first: () => messages[head],
    push(message) {
      const cost = message.length + queuedMessageBytes
      if (bytes > 0 && bytes + cost > bytesMax) return false
      messages.push(message)
      bytes += cost
      return true
    },
    dropFirst() {
      const first = messages[head]
      if (first === undefined) return
      bytes -= first.length + queuedMessageBytes
      messages[head] = undefined
      head += 1
      if (head === messages.length || head >= takenMax) {
        messages = messages.slice(head)
        head = 0
      }
    },
    clear() {
      messages = []
      head = 0
      bytes = 0
    },
  }
}
