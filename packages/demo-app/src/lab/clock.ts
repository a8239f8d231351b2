/** The time of a run that is shown: it stands, or goes on frame by frame. Knows how far the run is computed, not the run. */

/** A page that slept does not leap. */
const frameMsMax = 100

export interface Clock {
  readonly atMs: number
  readonly isPlaying: boolean
  speed: number
  seek(ms: number): void
  /** Another run, of which nothing is computed yet. */
  begin(runMs: number, atMs: number): void
  setPlaying(isPlaying: boolean): void
  /** `knownMs`: what can be shown already. */
  setRange(runMs: number, knownMs: number): void
  readonly runMs: number
}

/** `moved` is called once a frame while it plays, and after each change. */
export function createClock(moved: () => void): Clock {
  let atMs = 0
  let runMs = 0
  let knownMs = 0
  let isPlaying = false
  let last: number | undefined
  const seek = (ms: number): void => {
    atMs = Math.min(runMs, Math.max(0, ms))
    moved()
  }
  const clock = {
    speed: 1,
    get atMs() {
      return atMs
    },
    get runMs() {
      return runMs
    },
    get isPlaying() {
      return isPlaying
    },
    seek,
    setPlaying(wanted: boolean) {
      const begins = wanted && !isPlaying
      isPlaying = wanted
      if (begins) {
        if (atMs >= runMs) atMs = 0
        last = undefined
        requestAnimationFrame(frame)
      }
      moved()
    },
    begin(nextRunMs: number, at: number) {
      runMs = nextRunMs
      knownMs = 0
      seek(at)
    },
    setRange(nextRunMs: number, nextKnownMs: number) {
      runMs = nextRunMs
      knownMs = nextKnownMs
      if (!isPlaying) moved()
    },
  }
  const frame = (now: number): void => {
    if (!isPlaying) return
    const passedMs = last === undefined ? 0 : Math.min(frameMsMax, now - last)
    last = now
    const wanted = atMs + passedMs * clock.speed
    if (wanted >= runMs && knownMs >= runMs) isPlaying = false
    // A run that is still being computed is waited for.
    seek(Math.min(wanted, Math.max(atMs, knownMs)))
    if (isPlaying) requestAnimationFrame(frame)
  }
  return clock
}
