/** What happens to the page, told to the group: hidden or shown, frozen, asleep, online again, gone, or back from the dead. */
import type { Clock } from '@unanimous/core'
import { watchSleep } from './sleep-watch.ts'

/** What a group wants to hear of where it lives. */
export interface PageLife {
  onHidden(hidden: boolean): void
  /** The browser stops all timers of the page; what is not done synchronously waits. */
  onFreeze(): void
  /** The network or the page may have been away: look at every link now. */
  onWake(): void
  /** The page goes away; what is not done synchronously is not done. */
  onGone(): void
  /** The page was put away after `onGone`, and is shown again. */
  onRevived(): void
}

/** Returns how to stop listening. */
export function watchPage(life: PageLife, clock: Clock): () => void {
  const stop = new AbortController()
  const { signal } = stop
  document.addEventListener(
    'visibilitychange',
    () => {
      life.onHidden(document.visibilityState === 'hidden')
      if (document.visibilityState === 'visible') life.onWake()
    },
    { signal },
  )
  // Chromium tells of frozen pages; elsewhere the clocks do.
  document.addEventListener('freeze', () => life.onFreeze(), { signal })
  document.addEventListener('resume', () => life.onWake(), { signal })
  const stopSleepWatch = watchSleep(clock, () => life.onWake())
  addEventListener('online', () => life.onWake(), { signal })
  addEventListener('pagehide', () => life.onGone(), { signal })
  addEventListener(
    'pageshow',
    ({ persisted }) => {
      if (!persisted) return
      life.onHidden(document.visibilityState === 'hidden')
      life.onRevived()
    },
    { signal },
  )
  life.onHidden(document.visibilityState === 'hidden')
  return () => {
    stop.abort()
    stopSleepWatch()
  }
}
