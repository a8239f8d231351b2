/** One line of a scenario's text: a statement, or what was expected instead. Knows words, not whether names exist. */
import type { Range } from '../rng.ts'
import type { Comparison, Metric, PlaceFault, Role } from './scenario.ts'
import { metrics, placeFaults } from './scenario.ts'
import type { LinkPattern } from './words.ts'
import {
  isName,
  readCount,
  readDuration,
  readLink,
  readPercent,
  readRange,
  readRate,
} from './words.ts'

type Names = readonly string[]

export type Step =
  | { readonly type: 'cut'; readonly links: readonly LinkPattern[] }
  | { readonly type: 'heal'; readonly links: readonly LinkPattern[] }
  | { readonly type: PlaceFault; readonly names: Names | 'any' }

export type Statement =
  | { readonly kind: 'places'; readonly role: Role; readonly names: Names }
  | { readonly kind: 'latency'; readonly link: LinkPattern | undefined; readonly range: Range }
  | {
      readonly kind: 'noise'
      readonly what: 'loss' | 'duplicate' | 'reorder'
      readonly perThousand: number
    }
  | { readonly kind: 'mesh' }
  | { readonly kind: 'link'; readonly links: readonly LinkPattern[] }
  | { readonly kind: 'membership' }
  | { readonly kind: 'lead'; readonly name: string }
  | {
      readonly kind: 'load'
      readonly reads: boolean
      readonly perSecond: number
      readonly from: Names | 'all'
    }
  | {
      readonly kind: 'at'
      readonly atMs: number
      readonly everyMs: number | undefined
      readonly untilMs: number | undefined
      readonly step: Step
      readonly text: string
    }
  | { readonly kind: 'run'; readonly ms: number }
  | { readonly kind: 'awaits'; readonly what: string }
  | {
      readonly kind: 'expect'
      readonly metric: Metric
      readonly comparison: Comparison
      readonly value: number
      readonly afterMs: number
      readonly from: Names | undefined
      readonly text: string
    }

/** A statement, or the sentence that says what was expected. */
export type Read = Statement | string

type Reader = (words: readonly string[]) => Read

const found = (word: string | undefined): string =>
  word === undefined ? 'found the end of the line' : `found "${word.slice(0, 40)}"`

const expected = (what: string, word: string | undefined): string =>
  `expected ${what}, ${found(word)}`

const places =
  (role: Role): Reader =>
  (names) => {
    if (names.length === 0) return expected('names', undefined)
    const wrong = names.find((name) => !isName(name))
    return wrong === undefined ? { kind: 'places', role, names } : expected('a name', wrong)
  }

const alone =
  (statement: Statement): Reader =>
  ([extra]) =>
    extra === undefined ? statement : expected('nothing more on this line', extra)

function readLinks(words: readonly string[]): readonly LinkPattern[] | string {
  if (words.length === 0) return expected('a link such as a-b or a>b', undefined)
  const links = words.map(readLink)
  const wrong = links.indexOf(undefined)
  if (wrong >= 0) return expected('a link such as a-b or a>b', words[wrong])
  return links.filter((link) => link !== undefined)
}

const latency: Reader = (words) => {
  const [first = '', second, extra] = words
  const link = second === undefined ? undefined : readLink(first)
  if (second !== undefined && link === undefined) return expected('a link such as a-b', first)
  const range = readRange(second ?? first)
  if (range === undefined) return expected('milliseconds such as 10..30', second ?? words[0])
  if (extra !== undefined) return expected('nothing more on this line', extra)
  return { kind: 'latency', link, range }
}

const noise =
  (what: 'loss' | 'duplicate' | 'reorder'): Reader =>
  ([word, extra]) => {
    const percent = word === undefined ? undefined : readPercent(word)
    if (percent === undefined) return expected('a share such as 1% or 0.5%', word)
    if (extra !== undefined) return expected('nothing more on this line', extra)
    return { kind: 'noise', what, perThousand: Math.round(percent * 10) }
  }

const link: Reader = (words) => {
  const links = readLinks(words)
  return typeof links === 'string' ? links : { kind: 'link', links }
}

const membership: Reader = ([word, extra]) => {
  if (word !== 'auto') return expected('"auto"', word)
  return extra === undefined ? { kind: 'membership' } : expected('nothing more on this line', extra)
}

const lead: Reader = ([name, extra]) => {
  if (name === undefined || !isName(name)) return expected('a name', name)
  return extra === undefined ? { kind: 'lead', name } : expected('nothing more on this line', extra)
}

const load =
  (reads: boolean): Reader =>
  ([rate, from, ...names]) => {
    const perSecond = rate === undefined ? undefined : readRate(rate)
    if (perSecond === undefined) return expected('a rate such as 40/s', rate)
    if (from !== 'from') return expected('"from"', from)
    if (names.length === 1 && names[0] === 'all')
      return { kind: 'load', reads, perSecond, from: 'all' }
    const wrong = names.find((name) => !isName(name))
    if (names.length === 0 || wrong !== undefined) return expected('names or "all"', wrong)
    return { kind: 'load', reads, perSecond, from: names }
  }

const run: Reader = ([word, extra]) => {
  const ms = word === undefined ? undefined : readDuration(word)
  if (ms === undefined || ms === 0) return expected('a time such as 80s', word)
  return extra === undefined ? { kind: 'run', ms } : expected('nothing more on this line', extra)
}

const awaits: Reader = (words) =>
  words.length === 0
    ? expected('what is waited for, in words', undefined)
    : { kind: 'awaits', what: words.join(' ').slice(0, 80) }

const isPlaceFault = (word: string): word is PlaceFault =>
  (placeFaults as readonly string[]).includes(word)

const steps = `one of cut, heal, ${placeFaults.join(', ')}`

function readStep([verb, ...rest]: readonly string[]): Step | string {
  if (verb === 'cut' || verb === 'heal') {
    if (verb === 'heal' && rest.length === 0) return { type: 'heal', links: [] }
    const links = readLinks(rest)
    return typeof links === 'string' ? links : { type: verb, links }
  }
  if (verb === undefined || !isPlaceFault(verb)) return expected(steps, verb)
  if (rest.length === 1 && rest[0] === 'any') return { type: verb, names: 'any' }
  const wrong = rest.find((name) => !isName(name))
  if (rest.length === 0 || wrong !== undefined) return expected('names or "any"', wrong)
  return { type: verb, names: rest }
}

/** `every 5s until 600s`, if it is there, and what comes after it. */
function readRepetition(words: readonly string[]):
  | {
      readonly everyMs: number | undefined
      readonly untilMs: number | undefined
      readonly rest: readonly string[]
    }
  | string {
  if (words[0] !== 'every') return { everyMs: undefined, untilMs: undefined, rest: words }
  const everyMs = readDuration(words[1] ?? '')
  if (everyMs === undefined || everyMs < 100) return expected('a time of at least 100ms', words[1])
  if (words[2] !== 'until') return expected('"until"', words[2])
  const untilMs = readDuration(words[3] ?? '')
  if (untilMs === undefined) return expected('a time such as 600s', words[3])
  return { everyMs, untilMs, rest: words.slice(4) }
}

const at: Reader = ([when, ...words]) => {
  const atMs = when === undefined ? undefined : readDuration(when)
  if (atMs === undefined) return expected('a time such as 10s', when)
  const repetition = readRepetition(words)
  if (typeof repetition === 'string') return repetition
  const { everyMs, untilMs, rest } = repetition
  const step = readStep(rest)
  if (typeof step === 'string') return step
  return { kind: 'at', atMs, everyMs, untilMs, step, text: rest.join(' ') }
}

/** They can be counted from a later time on. */
const timedMetrics: readonly Metric[] = ['committed', 'answered', 'stall', 'behind']

const isMetric = (word: string | undefined): word is Metric =>
  (metrics as readonly (string | undefined)[]).includes(word)

const isComparison = (word: string | undefined): word is Comparison =>
  word === '>=' || word === '<=' || word === '='

/** How each metric's value is written. */
function readValue(metric: Metric, word: string): number | string {
  switch (metric) {
    case 'committed':
    case 'answered':
      return readPercent(word) ?? expected('a share such as 99%', word)
    case 'stall':
    case 'behind':
      return readDuration(word) ?? expected('a time such as 2s', word)
    case 'changes':
    case 'handovers':
    case 'violations':
      return readCount(word) ?? expected('a number', word)
  }
}

const expectation: Reader = (words) => {
  const [metric, comparison, valueWord, ...rest] = words
  if (!isMetric(metric)) return expected(`one of ${metrics.join(', ')}`, metric)
  if (!isComparison(comparison)) return expected('>=, <= or =', comparison)
  const value =
    valueWord === undefined ? expected('a value', valueWord) : readValue(metric, valueWord)
  if (typeof value === 'string') return value
  const suffix = readSuffix(metric, rest)
  if (typeof suffix === 'string') return suffix
  return { kind: 'expect', metric, comparison, value, ...suffix, text: words.join(' ') }
}

/** `from e`, only for `answered` and `behind`, and `after 12s`, only for what is a share or a time. */
function readSuffix(
  metric: Metric,
  words: readonly string[],
): { readonly from: Names | undefined; readonly afterMs: number } | string {
  let rest = words
  let from: Names | undefined
  if (rest[0] === 'from' && (metric === 'answered' || metric === 'behind')) {
    const end = rest.indexOf('after')
    from = rest.slice(1, end < 0 ? undefined : end)
    const wrong = from.find((name) => !isName(name))
    if (from.length === 0 || wrong !== undefined) return expected('names', wrong)
    rest = end < 0 ? [] : rest.slice(end)
  }
  const [after, time, extra] = rest
  if (after === undefined) return { from, afterMs: 0 }
  const timed = timedMetrics.includes(metric)
  if (after !== 'after' || !timed) return expected('nothing more on this line', after)
  const afterMs = time === undefined ? undefined : readDuration(time)
  if (afterMs === undefined) return expected('a time such as 12s', time)
  return extra === undefined ? { from, afterMs } : expected('nothing more on this line', extra)
}

const readers: ReadonlyMap<string, Reader> = new Map([
  ['voters', places('voter')],
  ['standbys', places('standby')],
  ['observers', places('observer')],
  ['clients', places('client')],
  ['hubs', places('hub')],
  ['latency', latency],
  ['loss', noise('loss')],
  ['duplicate', noise('duplicate')],
  ['reorder', noise('reorder')],
  ['mesh', alone({ kind: 'mesh' })],
  ['link', link],
  ['membership', membership],
  ['lead', lead],
  ['load', load(false)],
  ['reads', load(true)],
  ['at', at],
  ['run', run],
  ['awaits', awaits],
  ['expect', expectation],
])

/** Undefined: nothing but a comment. */
export function readStatement(line: string): Read | undefined {
  const [keyword, ...words] = (line.split('#')[0] ?? '').split(/\s+/).filter((word) => word !== '')
  if (keyword === undefined) return undefined
  const reader = readers.get(keyword)
  if (reader === undefined) return expected(`one of ${[...readers.keys()].join(', ')}`, keyword)
  return reader(words)
}
