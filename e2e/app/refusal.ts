/** An error of the library in a form that leaves the page. */
export interface Refusal {
  readonly name: string
  readonly code: string
  readonly message: string
}

/** Throws what is no error of the library: nothing else may be thrown at a caller. */
export function wordRefusal(error: unknown): Refusal {
  if (!(error instanceof Error) || !('code' in error)) throw error
  const { name, code, message } = error
  return { name, code: String(code), message }
}
