/** Round-trip times of one generation, from pings that were answered. Knows no frames. */

export interface RoundTrips {
  /** The number to send with the next ping. */
  ping(now: number): number
  /** A number we did not send, or that is too old, changes nothing. */
  pong(number: number, now: number): void
  /** Smoothed; `undefined` before the first answer. */
  rttMs(): number | undefined
}

/** Pings that may be unanswered at a time: those of the silence after which the link is over, and some probes. */
const unansweredMax = 16
/** The weight of a new sample, as TCP has it. */
const sampleWeight = 1 / 8

export function createRoundTrips(): RoundTrips {
  const sentAt = new Map<number, number>()
  let last = 0
  let smoothed: number | undefined

  return {
    ping(now) {
      last = (last + 1) >>> 0
      sentAt.set(last, now)
      if (sentAt.size > unansweredMax) sentAt.delete((last - unansweredMax) >>> 0)
      return last
    },
    pong(number, now) {
      const at = sentAt.get(number)
      if (at === undefined) return
      sentAt.delete(number)
      const sample = now - at
      smoothed = smoothed === undefined ? sample : smoothed + (sample - smoothed) * sampleWeight
    },
    rttMs: () => smoothed,
  }
}
