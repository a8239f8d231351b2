/** What whoever serves the page tells it: where to find the rendezvous, and under which addresses phones find the page. */

export interface Settings {
  /** Rendezvous servers, `ws:` or `wss:`; in an answer also a path on the page's own server. */
  readonly signal: readonly string[]
  /** Origins under which other machines reach this page; empty when only this machine does. */
  readonly origins: readonly string[]
}

const signalingPort = 8787
const fetchLimitMs = 10_000

/** For a page that nobody configured: the server's usual place on the machine that the page comes from. */
export function usualSettings(page: Pick<Location, 'protocol' | 'hostname'>): Settings {
  const scheme = page.protocol === 'https:' ? 'wss:' : 'ws:'
  return { signal: [`${scheme}//${page.hostname}:${signalingPort}`], origins: [] }
}

/** Undefined for what is no answer of the demo's server, such as the page that stands in for missing files. */
export function readSettings(
  answer: unknown,
  page: Pick<Location, 'protocol' | 'host'>,
): Settings | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined
  const { signal, origins } = answer as Partial<Record<keyof Settings, unknown>>
  if (!isTexts(signal) || !isTexts(origins) || signal.length === 0) return undefined
  const scheme = page.protocol === 'https:' ? 'wss:' : 'ws:'
  const absolute = (at: string): string =>
    at.startsWith('/') ? `${scheme}//${page.host}${at}` : at
  return { signal: signal.map(absolute), origins }
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

export async function fetchSettings(): Promise<Settings> {
  try {
    const response = await fetch('./config.json', { signal: AbortSignal.timeout(fetchLimitMs) })
    const settings = response.ok ? readSettings(await response.json(), location) : undefined
    return settings ?? usualSettings(location)
  } catch {
    // A server that only has files: the usual place it is.
    return usualSettings(location)
  }
}
