/** Waiting for what a replica tells of one thing that it was asked for, as long as the page is awake. */
import type { Clock } from '../ports/clock.ts'
import type { RuntimeEvent } from './news.ts'

export interface Waiting<Answer> {
  readonly clock: Clock
  readonly isRunning: () => boolean
  readonly subscribe: (listener: (event: RuntimeEvent) => void) => () => void
  /** Asks. */
  readonly ask: () => void
  /** What the event says to it; undefined: it is about something else. */
  readonly answerIn: (event: RuntimeEvent) => Answer | undefined
}

/** How often it looks, and what the timer of a hidden page takes. */
const lookMs = 50
const latestLookMs = 1000

/** Undefined: nothing was heard within `timeoutMs`, or the replica stopped. */
export async function awaitAnswer<Answer>(
  waiting: Waiting<Answer>,
  timeoutMs: number,
): Promise<Answer | undefined> {
  const { clock } = waiting
  let waitMs = timeoutMs
  let last = clock.now()
  const stops: (() => void)[] = []
  const answer = await new Promise<Answer | undefined>((resolve) => {
    stops.push(
      clock.every(lookMs, () => {
        const now = clock.now()
        // A tick that comes late says that this page slept, not that it waited: the answer may lie unread.
        waitMs -= Math.min(now - last, latestLookMs)
        last = now
        if (waitMs <= 0 || !waiting.isRunning()) resolve(undefined)
      }),
      waiting.subscribe((event) => {
        const said = waiting.answerIn(event)
        if (said !== undefined) resolve(said)
      }),
    )
    waiting.ask()
  })
  for (const stop of stops) stop()
  return answer
}
