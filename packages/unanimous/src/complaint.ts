/** What a listener of the application threw: told to whoever looks after the page, and to nobody else. */

/** As an uncaught error; where the platform cannot report one (Node), in a turn of its own. */
export function complain(error: unknown): void {
  const { reportError } = globalThis as { readonly reportError?: (error: unknown) => void }
  if (reportError !== undefined) return reportError(error)
  queueMicrotask(() => {
    throw error
  })
}
