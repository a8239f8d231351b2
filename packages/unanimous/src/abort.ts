/** A signal as a promise, and how to hear no more of it. */

export interface Aborted {
  /** Never resolves without a signal. */
  readonly aborted: Promise<void>
  readonly stop: () => void
}

export function whenAborted(abort: AbortSignal | undefined): Aborted {
  let stop = (): void => undefined
  const aborted = new Promise<void>((resolve) => {
    const onAbort = (): void => resolve()
    if (abort?.aborted === true) onAbort()
    abort?.addEventListener('abort', onAbort, { once: true })
    stop = () => abort?.removeEventListener('abort', onAbort)
  })
  return { aborted, stop }
}

/** Waits for the end of what goes on, or for the signal. */
export async function untilAborted(
  going: Promise<unknown>,
  abort: AbortSignal | undefined,
): Promise<void> {
  const { aborted, stop } = whenAborted(abort)
  await Promise.race([going, aborted]).finally(stop)
}
