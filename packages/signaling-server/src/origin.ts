/**
 * Which pages may use this server, judged by the Origin header that browsers send and pages cannot forge. Programs can
 * forge it, or send none; this keeps other people's pages out, not other people's programs.
 */

import { SignalingServerError } from './signaling-server-error.ts'

export type OriginPolicy =
  | { readonly kind: 'same-host' }
  | { readonly kind: 'listed'; readonly origins: ReadonlySet<string> }
  | { readonly kind: 'any' }

/** The names under which a machine calls itself; a page on `localhost` may well dial `127.0.0.1`. */
const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * An empty list means pages of the same host (any port: a development server beside this one is the usual case).
 * @throws SignalingServerError `bad-option` for what can never equal an Origin header
 */
export function originPolicy(origins: readonly string[]): OriginPolicy {
  for (const origin of origins) {
    if (origin === '*' || parsedOrigin(origin)?.origin === origin) continue
    throw new SignalingServerError(
      'bad-option',
      `"${origin}" is not an origin. Write scheme and host, as in "https://app.example" or "http://localhost:5173", without a path; "*" lets every page in`,
    )
  }
  if (origins.includes('*')) return { kind: 'any' }
  if (origins.length === 0) return { kind: 'same-host' }
  return { kind: 'listed', origins: new Set(origins) }
}

/** A missing header is let in: it is not a browser, and nothing that we could ask would stop it. */
export function isOriginAllowed(
  policy: OriginPolicy,
  origin: string | undefined,
  host: string | undefined,
): boolean {
  if (origin === undefined || policy.kind === 'any') return true
  if (policy.kind === 'listed') return policy.origins.has(origin)
  const page = parsedOrigin(origin)
  const here = host === undefined ? undefined : parsedOrigin(`http://${host}`)
  if (page === undefined || here === undefined) return false
  return (
    page.hostname === here.hostname ||
    (loopbackNames.has(page.hostname) && loopbackNames.has(here.hostname))
  )
}

function parsedOrigin(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined
}
