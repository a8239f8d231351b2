/** Time in a page: the monotonic clock, the wall clock, and the one place where a timer repeats. */
import type { Clock } from '@unanimous/core'
import { millis, wallMillis } from '@unanimous/core'
import { openTickWorker, WorkerTicks } from './worker-ticks.ts'

const workerTicks = new WorkerTicks(openTickWorker)

/** Of this process: of a page, or of Node. */
export const browserClock: Clock = {
  now: () => millis(performance.now()),
  wall: () => wallMillis(Date.now()),
  every(periodMs, tick) {
    let timer: ReturnType<typeof setInterval> | undefined = setInterval(tick, periodMs)
    const stopWorker = workerTicks.every(periodMs, () => {
      // The worker runs: its ticks go on while the page is hidden.
      clearInterval(timer)
      timer = undefined
      tick()
    })
    return () => {
      clearInterval(timer)
      stopWorker()
    }
  },
}
