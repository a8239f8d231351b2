/** Finds out that this page slept, by its clocks: nobody tells a page that its machine was shut. Knows nothing of links. */
import type { Clock } from '@unanimous/core'

const lookMs = 1000
/** Beyond what a busy page or a slow timer takes: a page that was late by less has lost no link. */
const lateMsMax = 3000
/** The monotonic clock of some platforms stands still while the machine sleeps; the wall clock does not. */
const driftMsMax = 2000

/** Calls after each sleep. Returns how to stop. */
export function watchSleep(clock: Clock, onWake: () => void): () => void {
  let [now, wall] = [clock.now(), clock.wall()]
  return clock.every(lookMs, () => {
    const passed = clock.now() - now
    const drift = clock.wall() - wall - passed
    now = clock.now()
    wall = clock.wall()
    if (passed > lookMs + lateMsMax || drift > driftMsMax) onWake()
  })
}
