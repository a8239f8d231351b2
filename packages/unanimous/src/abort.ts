/** A signal as a promise. */

/** Never, without a signal. */
export const whenAborted = (abort: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    if (abort?.aborted === true) resolve()
    abort?.addEventListener('abort', () => resolve(), { once: true })
  })
