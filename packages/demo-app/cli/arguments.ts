/** What may be said on the command line, and what it means. Pure: reads words, starts nothing. */
import { parseArgs } from 'node:util'

export const pagePort = 4173
export const signalingPort = 8787
const tabsMax = 16
const proposalsMax = 100_000

export interface Options {
  /** Headless tabs to open; undefined: serve until stopped. */
  readonly tabs: number | undefined
  /** Commands that each of them proposes. */
  readonly proposals: number
  readonly json: boolean
  readonly lan: boolean
  /** Where the page must be; undefined: `pagePort`, or a free one if that is taken. */
  readonly port: number | undefined
}

export type Arguments =
  | { readonly kind: 'run'; readonly options: Options }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string }

export const usage = `Usage: npx -y pnpm demo [options]

Starts the signaling server and the demo's page on this machine and prints the page's address. Ctrl-C ends both.

  --tabs N        Also open N headless Chromium tabs, let each propose, print a summary, and end.
  --proposals N   How many commands each of these tabs proposes (100 unless told).
  --json          Print one JSON object on the last line: with --tabs the summary, else the addresses.
  --lan           Serve https to the local network, so that phones can join. The certificate is made
                  here and now; browsers warn about it once.
  --port N        The page's port: this one or none. 0 takes any free one. Without it ${pagePort} is used,
                  or a free one if that is taken.
  --help          Print this.
`

const known = {
  tabs: { type: 'string' },
  proposals: { type: 'string' },
  json: { type: 'boolean' },
  lan: { type: 'boolean' },
  port: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

const wrong = (message: string): Arguments => ({ kind: 'wrong', message })

export function readArguments(words: readonly string[]): Arguments {
  // pnpm hands the dashes on that separate its own flags from the program's.
  const args = words[0] === '--' ? words.slice(1) : [...words]
  const values = parsed(args)
  if (values instanceof Error) return wrong(values.message)
  const { tabs, proposals, port, json = false, lan = false } = values
  if (values.help === true) return { kind: 'help' }
  for (const [name, text, range] of [
    ['--tabs', tabs, [1, tabsMax]],
    ['--proposals', proposals, [1, proposalsMax]],
    ['--port', port, [0, 65_535]],
  ] as const) {
    const [min, max] = range
    if (text !== undefined && !isWhole(text, min, max)) {
      return wrong(`${name} takes a whole number from ${min} to ${max}, not "${text}".`)
    }
  }
  if (proposals !== undefined && tabs === undefined) {
    return wrong('--proposals is for the tabs that --tabs opens. Say --tabs too.')
  }
  if (lan && tabs !== undefined) {
    return wrong('--lan is for phones and --tabs for a run without people. Use one of them.')
  }
  return {
    kind: 'run',
    options: {
      tabs: tabs === undefined ? undefined : Number(tabs),
      proposals: Number(proposals ?? 100),
      json,
      lan,
      port: port === undefined ? undefined : Number(port),
    },
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof known }>>['values']

function parsed(args: readonly string[]): Values | Error {
  try {
    return parseArgs({ args: [...args], options: known, strict: true }).values
  } catch (error) {
    // Node names the flag; its advice about dashes after the first sentence is for other programs.
    const message = error instanceof Error ? error.message : String(error)
    return new Error(`${message.split(/\. |\n/, 1)[0] ?? message}.`.replace(/\.\.$/, '.'))
  }
}

const isWhole = (text: string, min: number, max: number): boolean =>
  /^\d{1,6}$/.test(text) && Number(text) >= min && Number(text) <= max
