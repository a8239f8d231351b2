/** The page's one repeated timer. Knows milliseconds, not what for. */

/** Calls `action` every so many milliseconds, as far as the browser lets a hidden page. Returns how to stop. */
export function every(ms: number, action: () => void): () => void {
  const timer = setInterval(action, ms)
  return () => clearInterval(timer)
}
