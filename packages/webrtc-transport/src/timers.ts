/** Time as the mesh sees it. The one file that touches the platform's timers. */

export interface Timers {
  /** Monotonic milliseconds whose zero means nothing. */
  now(): number
  /** Calls back once, not before `ms` have passed; a suspended page calls back late. Returns how to cancel. */
  after(ms: number, call: () => void): () => void
}

/** Browsers slow these down in hidden pages, to one call a second: the mesh wants no more of them there. */
export const platformTimers: Timers = {
  now: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms)
    return () => {
      clearTimeout(timer)
    }
  },
}
