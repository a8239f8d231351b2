/**
 * What callers saw, in the form of Jepsen's tools: one record an operation's beginning, one its end, each on a line of JSON.
 * Reads a file of them and says what is wrong with it. Knows no protocol.
 */

export type Value = number | string | boolean | null

/** What an operation does to a register: a compare-and-set is given `[expected, next]`. */
export type Verb = 'read' | 'write' | 'cas'

/**
 * `process` does one thing at a time; one whose operation has no known end (`info`) does nothing more. `fail`: it did not
 * happen. `time` in nanoseconds. The value of a cas that is `ok` says whether it was applied.
 */
export interface HistoryRecord {
  readonly process: number
  readonly type: 'invoke' | 'ok' | 'fail' | 'info'
  readonly f: Verb
  readonly key: string
  readonly value: Value | readonly [Value, Value]
  readonly time: number
}

export type ReadHistory =
  | { readonly ok: true; readonly records: readonly HistoryRecord[] }
  /** `line` counts from 1. */
  | { readonly ok: false; readonly line: number; readonly expected: string }

const types: ReadonlySet<unknown> = new Set<HistoryRecord['type']>(['invoke', 'ok', 'fail', 'info'])
const verbs: ReadonlySet<unknown> = new Set<Verb>(['read', 'write', 'cas'])

/** Empty lines are skipped. Never throws. */
export function readHistory(text: string): ReadHistory {
  const records: HistoryRecord[] = []
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const record = parseLine(line)
    const expected = whyNotRecord(record)
    if (expected !== undefined) return { ok: false, line: at + 1, expected }
    records.push(record as HistoryRecord)
  }
  return { ok: true, records }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function whyNotRecord(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'one JSON object on the line'
  }
  const { process, type, f, key, time } = value as Record<string, unknown>
  if (!Number.isInteger(process)) return '"process", a whole number'
  if (!types.has(type)) return '"type": "invoke", "ok", "fail" or "info"'
  if (!verbs.has(f)) return '"f": "read", "write" or "cas"'
  if (typeof key !== 'string') return '"key", a string'
  if (typeof time !== 'number' || !Number.isFinite(time)) return '"time", nanoseconds as a number'
  return whyNotValue(value as Record<'type' | 'f' | 'value', unknown>)
}

function whyNotValue({
  type,
  f,
  value,
}: Record<'type' | 'f' | 'value', unknown>): string | undefined {
  if (f === 'cas') {
    if (type === 'ok') {
      return typeof value === 'boolean' ? undefined : '"value": whether it was applied'
    }
    const isPair = Array.isArray(value) && value.length === 2 && value.every(isValue)
    return isPair ? undefined : '"value": [expected, next]'
  }
  return isValue(value) ? undefined : '"value": a number, a string, a boolean or null'
}

const isValue = (value: unknown): value is Value =>
  value === null || ['number', 'string', 'boolean'].includes(typeof value)
