/** The options of a server: what may be passed, what is assumed, what is refused before anything listens. */

import { peersListedMax } from '@unanimous/signaling-protocol'
import { defaultLimits } from './limits.ts'
import type { ServerLimits } from './limits.ts'
import { originPolicy } from './origin.ts'
import type { OriginPolicy } from './origin.ts'
import { SignalingServerError } from './signaling-server-error.ts'
import type { Rate } from './token-bucket.ts'

/** All optional: a server without options serves pages of this machine. */
export interface SignalingServerOptions {
  /** TCP port; 0 takes a free one. Default 8787. */
  readonly port?: number | undefined
  /** Address to listen on. Default 127.0.0.1: being reachable from elsewhere has to be asked for. */
  readonly host?: string | undefined
  /** Path of the socket. Default: both `/` and `/signal`, so that a URL without a path works. */
  readonly path?: string | undefined
  /** Origins of the pages that may use this server. Default none: pages of the same host only. `'*'` is any page. */
  readonly origins?: readonly string[] | undefined
  /** Milliseconds that `drain` may take. Default 5000. */
  readonly drainMs?: number | undefined
  /**
   * Take the address of a client from the last entry of X-Forwarded-For. Only behind a proxy of your own, which every
   * connection passes: otherwise each client may choose the address it is charged to. Default false.
   */
  readonly trustProxy?: boolean | undefined
  readonly limits?: Partial<ServerLimits> | undefined
  /** Told of mistakes inside the server, each of which closed one socket. Never of anything a peer sent. */
  readonly report?: ((error: unknown) => void) | undefined
}

export interface Settings {
  readonly port: number
  readonly host: string
  readonly paths: readonly string[]
  readonly origins: OriginPolicy
  readonly drainMs: number
  readonly trustProxy: boolean
  readonly limits: ServerLimits
  readonly report: (error: unknown) => void
}

/** @throws SignalingServerError `bad-option`, with a sentence that names the option and what it may be */
export function settingsFrom(options: SignalingServerOptions): Settings {
  const { port = 8787, host = '127.0.0.1', path, drainMs = 5000 } = options
  demand(isWhole(port) && port <= 65_535, 'port', 'a whole number from 0 to 65535')
  demand(host.length > 0, 'host', 'an address or a host name')
  demand(path === undefined || /^\/[^?#\s]*$/.test(path), 'path', 'a path like "/signal"')
  demand(isWhole(drainMs), 'drainMs', 'a whole number of milliseconds')
  return {
    port,
    host,
    paths: path === undefined ? ['/', '/signal'] : [path],
    origins: originPolicy(options.origins ?? []),
    drainMs,
    trustProxy: options.trustProxy ?? false,
    limits: checkedLimits({ ...defaultLimits, ...options.limits }),
    report: options.report ?? ((): void => undefined),
  }
}

function checkedLimits(limits: ServerLimits): ServerLimits {
  for (const [name, value] of Object.entries(limits) as [keyof ServerLimits, number | Rate][]) {
    const numbers = typeof value === 'number' ? [value] : [value.burst, value.perSecond]
    demand(
      numbers.every((number) => Number.isFinite(number) && number >= 1),
      `limits.${name}`,
      'numbers of at least 1',
    )
  }
  demand(
    limits.peersPerRoomMax <= peersListedMax,
    'limits.peersPerRoomMax',
    `at most ${peersListedMax}, the longest list a client accepts`,
  )
  return limits
}

const isWhole = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

function demand(condition: boolean, option: string, allowed: string): asserts condition {
  if (!condition) throw new SignalingServerError('bad-option', `${option} must be ${allowed}`)
}
