/** Many changes, few calls: the first change is told in the same turn, what follows within `pauseMs` in one call at its end. */
export function coalesce(
  call: () => void,
  pauseMs: number,
): { change: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let again = false
  let stopped = false
  const tell = (): void => {
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
      if (timer === undefined) tell()
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
