/** Waiting to be let go by the group, for as long as the page is awake. */
import type { Clock } from '../ports/clock.ts'
import type { RuntimeEvent } from './news.ts'

export interface Departure {
  readonly clock: Clock
  readonly isRunning: () => boolean
  readonly subscribe: (listener: (event: RuntimeEvent) => void) => () => void
  /** Asks the group. */
  readonly ask: () => void
}

/** How often it looks, and what the timer of a hidden page takes. */
const lookMs = 50
const latestLookMs = 1000

/** True: this replica has no vote any more. False: it heard nothing within `timeoutMs`. */
export async function awaitRemoval(departure: Departure, timeoutMs: number): Promise<boolean> {
  const { clock } = departure
  let waitMs = timeoutMs
  let last = clock.now()
  const stops: (() => void)[] = []
  const left = await new Promise<boolean>((resolve) => {
    stops.push(
      clock.every(lookMs, () => {
        const now = clock.now()
        // A tick that comes late says that this page slept, not that it waited: the answer may lie unread.
        waitMs -= Math.min(now - last, latestLookMs)
        last = now
        if (waitMs <= 0 || !departure.isRunning()) resolve(false)
      }),
      departure.subscribe(({ type }) => {
        if (type === 'removed') resolve(true)
      }),
    )
    departure.ask()
  })
  for (const stop of stops) stop()
  return left
}
