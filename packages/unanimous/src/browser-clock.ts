/** Time in a page: the monotonic clock, the wall clock, and the one place where a timer repeats. */
import type { Clock } from '@unanimous/core'
import { millis, wallMillis } from '@unanimous/core'

export const browserClock: Clock = {
  now: () => millis(performance.now()),
  wall: () => wallMillis(Date.now()),
  every(periodMs, tick) {
    const timer = setInterval(tick, periodMs)
    return () => clearInterval(timer)
  },
}
