import { array, assert, boolean, constantFrom, integer, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import type { HistoryRecord, Value } from './history-record.ts'
import type { Linearizability } from './linearizability.ts'
import { after, checkLinearizability } from './linearizability.ts'
import type { Operation } from './operations.ts'
import { HistoryError, operationsOf } from './operations.ts'

type Deed =
  readonly ['read', Value] | readonly ['write', Value] | readonly ['cas', Value, Value, boolean]

/** Begin, end (undefined: unknown), what. */
type Line = readonly [number, number | undefined, ...Deed]

/** One process a line. */
function historyOf(lines: readonly Line[]): readonly HistoryRecord[] {
  const records = lines.flatMap(([call, end, ...deed], process): HistoryRecord[] => {
    const [f, first] = deed
    const asked = f === 'cas' ? ([first, deed[2]] as const) : f === 'read' ? null : first
    const told = f === 'cas' ? deed[3] : first
    const base = { process, f, key: 'k' }
    const begun: HistoryRecord = { ...base, type: 'invoke', value: asked, time: call }
    if (end === undefined) return [begun]
    return [begun, { ...base, type: 'ok', value: told, time: end }]
  })
  return records.sort((a, b) => a.time - b.time || (a.type === 'invoke' ? -1 : 1))
}

const check = (...lines: readonly Line[]): Linearizability['kind'] =>
  checkLinearizability(historyOf(lines)).kind

test.each<{ name: string; lines: readonly Line[]; is: Linearizability['kind'] }>([
  { name: 'nothing', lines: [], is: 'linearizable' },
  { name: 'a read of nothing', lines: [[0, 1, 'read', null]], is: 'linearizable' },
  {
    name: 'a read after a write',
    lines: [
      [0, 1, 'write', 1],
      [2, 3, 'read', 1],
    ],
    is: 'linearizable',
  },
  {
    name: 'a stale read',
    lines: [
      [0, 1, 'write', 1],
      [2, 3, 'write', 2],
      [4, 5, 'read', 1],
    ],
    is: 'violation',
  },
  {
    name: 'reads beside a write, the old value after the new one',
    lines: [
      [0, 9, 'write', 1],
      [1, 2, 'read', 1],
      [3, 4, 'read', null],
    ],
    is: 'violation',
  },
  {
    name: 'reads beside a write, the new value after the old one',
    lines: [
      [0, 9, 'write', 1],
      [1, 2, 'read', null],
      [3, 4, 'read', 1],
    ],
    is: 'linearizable',
  },
  {
    name: 'a write without an end that is seen much later',
    lines: [
      [0, undefined, 'write', 1],
      [5, 6, 'read', null],
      [7, 8, 'read', 1],
    ],
    is: 'linearizable',
  },
  {
    name: 'a write without an end that is seen and gone again',
    lines: [
      [0, undefined, 'write', 1],
      [5, 6, 'read', 1],
      [7, 8, 'read', null],
    ],
    is: 'violation',
  },
  {
    name: 'a write that is seen before it begins',
    lines: [
      [0, 1, 'read', 1],
      [2, undefined, 'write', 1],
    ],
    is: 'violation',
  },
  {
    name: 'two that both find what they expected',
    lines: [
      [0, 1, 'write', 1],
      [2, 5, 'cas', 1, 2, true],
      [3, 6, 'cas', 1, 3, true],
    ],
    is: 'violation',
  },
  {
    name: 'two of which one comes too late',
    lines: [
      [0, 1, 'write', 1],
      [2, 5, 'cas', 1, 2, true],
      [3, 6, 'cas', 1, 3, false],
    ],
    is: 'linearizable',
  },
  {
    name: 'one that fails because of a write without an end',
    lines: [
      [0, 1, 'write', 1],
      [2, undefined, 'write', 2],
      [3, 4, 'cas', 1, 3, false],
    ],
    is: 'linearizable',
  },
  {
    name: 'a chain of two without an end',
    lines: [
      [0, undefined, 'write', 1],
      [0, undefined, 'cas', 1, 2, true],
      [5, 6, 'read', 2],
    ],
    is: 'linearizable',
  },
])('[LI2] $name: $is', ({ lines, is }) => {
  expect(check(...lines)).toBe(is)
})

test('[LI3] registers are judged one by one, and the guilty one is named with what does not fit', () => {
  const good = historyOf([[0, 1, 'write', 1]]).map((each) => ({ ...each, key: 'good' }))
  const bad = historyOf([
    [0, 1, 'write', 1],
    [2, 3, 'read', 7],
  ]).map((each) => ({ ...each, process: each.process + 10, key: 'bad' }))
  const result = checkLinearizability([...good, ...bad])
  if (result.kind !== 'violation') throw new Error(result.kind)
  expect(result.key).toBe('bad')
  expect(result.why.join('\n')).toContain('reads 7')
  expect(result.why.join('\n')).toContain('writes 1')
})

/** Every order that respects time, one by one. */
function dumb(operations: readonly Operation[], state: Value = null): boolean {
  const left = operations.filter(({ end }) => end !== Infinity)
  if (left.length === 0) return true
  const firstEnd = Math.min(...left.map(({ end }) => end))
  return operations.some((operation) => {
    if (operation.call > firstEnd) return false
    const moved = after(state, operation)
    const rest = operations.filter((other) => other !== operation)
    return moved !== undefined && dumb(rest, moved.state)
  })
}

const value = constantFrom<Value>(null, 1, 2)
const anyLine = record({
  call: integer({ min: 0, max: 12 }),
  lasts: integer({ min: 1, max: 6 }),
  open: integer({ min: 0, max: 3 }),
  f: constantFrom('read', 'write', 'cas'),
  first: value,
  second: value,
  applied: boolean(),
}).map(({ call, lasts, open, f, first, second, applied }): Line => {
  const end = open === 0 ? undefined : call + lasts
  if (f === 'cas') return [call, end, 'cas', first, second, applied]
  return [call, end, f === 'read' ? 'read' : 'write', first]
})

const plainLine = anyLine.map(([call, end, f, value]): Line => [
  call,
  end,
  f === 'cas' ? 'write' : f,
  value,
])

test.each([
  { kinds: 'any kind', line: anyLine },
  { kinds: 'reads and writes', line: plainLine },
])('[LI2] small histories of $kinds are judged as trying every order judges them', ({ line }) => {
  const seen = { linearizable: 0, violation: 0, undecided: 0 }
  assert(
    property(array(line, { maxLength: 7 }), (lines) => {
      const records = historyOf(lines)
      const { kind } = checkLinearizability(records)
      seen[kind] += 1
      const operations = [...operationsOf(records).values()].flat()
      expect(kind).toBe(dumb(operations) ? 'linearizable' : 'violation')
    }),
    { seed: 11, numRuns: 5000 },
  )
  expect([seen.linearizable > 500, seen.violation > 500, seen.undecided]).toEqual([true, true, 0])
})

/** A register that is right: each of `count` operations takes place at one moment within its interval. */
function rightHistory(count: number, processes: number): HistoryRecord[] {
  const records: HistoryRecord[] = []
  let held: Value = null
  for (let turn = 0; turn < count / processes; turn += 1) {
    for (let process = 0; process < processes; process += 1) {
      const f = (turn + process) % 2 === 0 ? 'write' : 'read'
      const written = turn * processes + process
      if (f === 'write') held = written
      const base = { process, f, key: 'k' } as const
      const asked = f === 'write' ? written : null
      // All of a turn overlap.
      records.push({ ...base, type: 'invoke', value: asked, time: turn * 100 + process })
      records.push({ ...base, type: 'ok', value: held, time: turn * 100 + 50 + process })
    }
  }
  return records.sort((a, b) => a.time - b.time)
}

test('[LI4] ten thousand operations of five processes are judged, and one stale read among them is found', () => {
  const records = rightHistory(10_000, 5)
  expect(checkLinearizability(records)).toEqual({
    kind: 'linearizable',
    operations: 10_000,
    keys: 1,
  })
  const at = records.findIndex(
    ({ type, f, time }) => type === 'ok' && f === 'read' && time > 90_000,
  )
  const stale = records.map((each, index) => (index === at ? { ...each, value: 3 } : each))
  expect(checkLinearizability(stale).kind).toBe('violation')
})

test('[LI4] many writes at once that nobody finds are in nobody’s way', () => {
  const lines = Array.from({ length: 30 }, (_, at): Line => [at, 1000 + at, 'write', at])
  const reads = [3, 17, 8].map((value, at): Line => [100 + at, 200 + at, 'read', value])
  const tooLate: Line = [2000, 2001, 'read', 3]
  const records = historyOf([...lines, ...reads])
  expect(checkLinearizability(records, { triesMax: 200 }).kind).toBe('linearizable')
  const stale = historyOf([...lines, ...reads, [1100, 1101, 'read', 8], tooLate])
  expect(checkLinearizability(stale).kind).toBe('violation')
})

test('[LI5] beyond its bound it does not claim to know', () => {
  const lines = Array.from({ length: 14 }, (_, at): Line => [0, 100, 'write', at])
  const records = historyOf([...lines, [0, 100, 'cas', 99, 100, true]])
  expect(checkLinearizability(records, { triesMax: 1000 }).kind).toBe('undecided')
})

test.each<{ why: string; records: readonly Partial<HistoryRecord>[] }>([
  { why: 'begins before its last one ended', records: [{}, {}] },
  { why: 'ends what it did not begin', records: [{ type: 'ok' }] },
  { why: 'ends another operation', records: [{}, { type: 'ok', f: 'write' }] },
  { why: 'ends before it began', records: [{ time: 5 }, { type: 'ok', time: 4 }] },
  { why: 'goes on after', records: [{}, { type: 'info' }, {}] },
])('[LI6] what no process can have done is refused: $why', ({ why, records }) => {
  const base: HistoryRecord = {
    process: 3,
    type: 'invoke',
    f: 'read',
    key: 'k',
    value: null,
    time: 1,
  }
  const all = records.map((each) => ({ ...base, ...each }))
  expect(() => checkLinearizability(all)).toThrow(HistoryError)
  expect(() => checkLinearizability(all)).toThrow(why)
})

test('[LI6] what did not happen is left out', () => {
  const [begun, ended] = historyOf([[0, 1, 'write', 1]])
  if (begun === undefined || ended === undefined) throw new Error('two records')
  const later = historyOf([[2, 3, 'read', null]]).map((each) => ({ ...each, process: 1 }))
  expect(checkLinearizability([begun, { ...ended, type: 'fail' }, ...later]).kind).toBe(
    'linearizable',
  )
})
