/** What happens to the page, told to the group: hidden or shown, online again, gone, or back from the dead. */

export interface PageLife {
  onHidden(hidden: boolean): void
  /** The network or the page may have been away: look at every link now. */
  onWake(): void
  /** The page goes away; what is not done synchronously is not done. */
  onGone(): void
  /** The page was put away after `onGone` and shown again: its replica said good-bye and stays silent. */
  onRevived(): void
}

/** Returns how to stop listening. */
export function watchPage(life: PageLife): () => void {
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
  addEventListener('online', () => life.onWake(), { signal })
  addEventListener('pagehide', () => life.onGone(), { signal })
  addEventListener(
    'pageshow',
    ({ persisted }) => {
      if (persisted) life.onRevived()
    },
    { signal },
  )
  life.onHidden(document.visibilityState === 'hidden')
  return () => stop.abort()
}
