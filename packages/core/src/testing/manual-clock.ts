/** Time that stands still until a test moves it. Knows no real clock but one macrotask, in which everything settles. */
import type { Clock } from '../ports/clock.ts'
import type { Millis, WallMillis } from '../protocol/ids.ts'
import { millis, wallMillis } from '../protocol/ids.ts'

/** A clock for tests; it also moves what hangs on it. */
export interface ManualClock extends Clock {
  /**
   * Lets `ms` pass: each periodic call is made when it is due, in order, and everything that it started in microtasks is
   * over before the next one.
   */
  advance(ms: number): Promise<void>
  /** The machine slept for `ms`: each periodic call that became due is made once, late. */
  sleep(ms: number): Promise<void>
  /** The wall clock is put forward, or back, by `ms`. */
  shiftWall(ms: number): void
}

interface Timer {
  readonly periodMs: number
  readonly tick: () => void
  dueAt: number
}

/** Resolves when every microtask that was under way, and those which they started, is over. */
export const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

/** Starts at `startMs` of the monotonic clock and at `wallMs`, by default in November 2023. */
export function manualClock(startMs = 1000, wallMs = 1_700_000_000_000): ManualClock {
  let nowMs = startMs
  let wallOffsetMs = wallMs - startMs
  const timers = new Set<Timer>()

  const nextDue = (untilMs: number): Timer | undefined =>
    [...timers].filter(({ dueAt }) => dueAt <= untilMs).sort((a, b) => a.dueAt - b.dueAt)[0]

  async function fire(timer: Timer): Promise<void> {
    timer.dueAt = nowMs + timer.periodMs
    timer.tick()
    await settled()
  }

  return {
    now: (): Millis => millis(nowMs),
    wall: (): WallMillis => wallMillis(nowMs + wallOffsetMs),
    every(periodMs, tick) {
      const timer: Timer = { periodMs, tick, dueAt: nowMs + periodMs }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    async advance(ms) {
      await settled()
      const untilMs = nowMs + ms
      for (let timer = nextDue(untilMs); timer !== undefined; timer = nextDue(untilMs)) {
        nowMs = Math.max(nowMs, timer.dueAt)
        await fire(timer)
      }
      nowMs = untilMs
    },
    async sleep(ms) {
      await settled()
      nowMs += ms
      for (const timer of [...timers]) {
        if (timers.has(timer) && timer.dueAt <= nowMs) await fire(timer)
      }
    },
    shiftWall(ms) {
      wallOffsetMs += ms
    },
  }
}
