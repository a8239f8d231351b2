/**
 * Many changes, few calls: the first change is told at the end of its turn, after what is urgent in it; what follows within
 * `pauseMs` in one call at its end.
 */
export function coalesce(
  call: () => void,
  pauseMs: number,
): { change: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let again = false
  let due = false
  let stopped = false
  const tell = (): void => {
    due = false
    if (stopped) return
    again = false
    timer = setTimeout(() => {
      timer = undefined
      if (again) tell()
    }, pauseMs)
    call()
  }
  return {
    change() {
      again = true
      if (timer !== undefined || due) return
      due = true
      queueMicrotask(tell)
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
