/** What the words after `pnpm bench` mean. Reads words, starts nothing. */
import { parseArgs } from 'node:util'

export const parts = ['latency', 'throughput', 'memory', 'failover', 'simulator'] as const
export type Part = (typeof parts)[number]

export interface BenchOptions {
  readonly json: boolean
  readonly quick: boolean
  readonly only: readonly Part[]
  /** Folder for CPU profiles of the tabs; undefined: none are taken. */
  readonly profile: string | undefined
}

export type Request =
  | { readonly kind: 'run'; readonly options: BenchOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string }

export const helpText: string = [
  'usage: pnpm bench [--json] [--quick] [--only PART,...] [--profile FOLDER]',
  '',
  'Measures a group of three headless Chromium tabs beside what the machine under it can do, in one run:',
  '  latency     one command at a time, beside a bare round trip and one strict IndexedDB commit',
  '  throughput  commands of three tabs at once, beside bare channels and beside Yjs over y-webrtc',
  '  memory      a tab after 50,000 commands, above a blank tab',
  '  failover    how long nothing is decided when the tab of the leader is closed or killed, ten times each',
  '  simulator   how much faster than life five replicas under load are simulated',
  '',
  '  --only PART,...   only these parts',
  '  --quick           fewer samples: a look, not a figure to quote',
  '  --json            prints everything that was measured as one JSON object on the last line',
  '  --profile FOLDER  writes CPU profiles of the tabs there; they cost time, so do not quote that run',
  '',
  'Exits with 0 even if a target is missed, with 1 if something could not be measured or the tabs disagree.',
].join('\n')

const known = {
  json: { type: 'boolean' },
  quick: { type: 'boolean' },
  only: { type: 'string' },
  profile: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

const isPart = (word: string): word is Part => parts.some((part) => part === word)

export function readRequest(words: readonly string[]): Request {
  // `pnpm bench -- --quick` hands the dashes on.
  const args = words.filter((word) => word !== '--')
  try {
    const { values } = parseArgs({ args, options: known, strict: true })
    const { json = false, quick = false, only, profile, help } = values
    if (help === true) return { kind: 'help' }
    const wanted = only?.split(',') ?? parts
    const unknown = wanted.filter((word) => !isPart(word))
    if (unknown.length > 0) {
      const message = `There is no part called "${unknown.join(', ')}"; the parts are ${parts.join(', ')}.`
      return { kind: 'wrong', message }
    }
    const chosen = parts.filter((part) => wanted.includes(part))
    return { kind: 'run', options: { json, quick, only: chosen, profile } }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { kind: 'wrong', message: `${message} See --help.` }
  }
}
