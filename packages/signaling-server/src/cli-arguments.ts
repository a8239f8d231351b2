/** The words of the command line to options. Knows flags; runs, prints and exits nothing. */

import { parseArgs } from 'node:util'
import type { SignalingServerOptions } from './settings.ts'

export type CliRequest =
  | { readonly kind: 'help' }
  | { readonly kind: 'run'; readonly options: SignalingServerOptions }
  | { readonly kind: 'bad'; readonly why: string }

export const helpText = `usage: unanimous-signaling [flags]

The rendezvous server of Unanimous: peers meet here, then talk to each other directly.

  --port N         port to listen on; 0 takes a free one (default 8787)
  --host ADDRESS   address to listen on (default 127.0.0.1; 0.0.0.0 is every address of this machine)
  --path PATH      path of the socket (default: both / and /signal)
  --origin ORIGIN  a page origin that may use this server, like https://app.example; repeat for more
                   (default: pages of the same host; '*' lets every page on the web in)
  --drain-ms N     milliseconds that stopping may take after SIGTERM or SIGINT (default 5000)
  --trust-proxy    take client addresses from the last entry of X-Forwarded-For;
                   only behind a proxy of your own
  --help           this text

GET /healthz answers 200 while the server takes peers in and 503 while it stops.
exit codes: 0 stopped in order or help, 1 cannot listen or stopped in a hurry, 2 bad flags
`

export function parseCliArguments(words: readonly string[]): CliRequest {
  const flags = parseFlags(words)
  if (typeof flags === 'string') return { kind: 'bad', why: flags }
  if (flags.help === true) return { kind: 'help' }
  for (const name of ['port', 'drain-ms'] as const) {
    const value = flags[name]
    if (value !== undefined && !/^\d{1,9}$/.test(value)) {
      return { kind: 'bad', why: `--${name} takes a whole number, not "${value}"` }
    }
  }
  return {
    kind: 'run',
    options: {
      port: numberOf(flags.port),
      host: flags.host,
      path: flags.path,
      origins: flags.origin,
      drainMs: numberOf(flags['drain-ms']),
      trustProxy: flags['trust-proxy'],
    },
  }
}

interface Flags {
  readonly port?: string
  readonly host?: string
  readonly path?: string
  readonly origin?: string[]
  readonly 'drain-ms'?: string
  readonly 'trust-proxy'?: boolean
  readonly help?: boolean
}

/** The flags, or the sentence that says what is wrong with them. */
function parseFlags(words: readonly string[]): Flags | string {
  try {
    const { values } = parseArgs({
      args: [...words],
      strict: true,
      allowPositionals: false,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        path: { type: 'string' },
        origin: { type: 'string', multiple: true },
        'drain-ms': { type: 'string' },
        'trust-proxy': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    return values
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}
