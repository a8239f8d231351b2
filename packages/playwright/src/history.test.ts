import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Operation } from './history.ts'
import { historyOf, orderViolations } from './history.ts'

function operation(
  index: number | undefined,
  [begunMs, atMs]: readonly [number, number],
  fields: Partial<Operation> = {},
): Operation {
  const end = { atMs, kind: 'committed' as const, index, result: 'done' }
  return { process: 0, tab: 'A', id: '1', command: 'book', args: 'A1', begunMs, end, ...fields }
}

test('[PW1] commands that overlap may stand in any order', () => {
  expect(orderViolations([operation(7, [0, 100]), operation(3, [50, 150])])).toEqual([])
})

test('[PW1] a command that ended before another began stands before it in the log', () => {
  const early = operation(7, [0, 100])
  const late = operation(3, [200, 300], { tab: 'B', args: undefined })
  expect(orderViolations([late, early])).toEqual([
    `A's book("A1") had ended before B's book() began, and yet stands behind it in the log: 7 > 3.`,
  ])
  expect(orderViolations([operation(3, [0, 100]), operation(7, [200, 300])])).toEqual([])
})

test('[PW1] a gap that the clocks cannot tell says nothing', () => {
  expect(orderViolations([operation(7, [0, 100]), operation(3, [102, 200])])).toEqual([])
})

test('[PW1] no place in the log is given twice', () => {
  const [violation] = orderViolations([operation(7, [0, 10]), operation(7, [0, 10])])
  expect(violation).toContain('were both told index 7')
})

test('[PW1] what was not decided, or is not known to be, has no place to judge', () => {
  const open = operation(undefined, [0, 1])
  const lost = { ...operation(1, [0, 1]), end: undefined }
  expect(orderViolations([open, lost, operation(0, [500, 600])])).toEqual([])
})

test('[PW1] the verdict is that of comparing every pair', () => {
  const anyOperation = fc
    .record({ index: fc.nat(30), begun: fc.nat(200), took: fc.nat(100) })
    .map(({ index, begun, took }) => operation(index, [begun, begun + took]))
  const anyHistory = fc.uniqueArray(anyOperation, { selector: ({ end }) => end?.index })
  fc.assert(
    fc.property(anyHistory, (operations) => {
      const contradicted = operations.some((b) =>
        operations.some(
          (a) =>
            (a.end?.atMs ?? Infinity) + 3 < b.begunMs && (a.end?.index ?? 0) > (b.end?.index ?? 0),
        ),
      )
      expect(orderViolations(operations).length > 0).toBe(contradicted)
    }),
    { seed: 7 },
  )
})

test('[PW2] a history is one event a line, in order of time, with outcomes in its words', () => {
  const refused = operation(4, [1, 9])
  const events = historyOf([
    operation(5, [2, 4], { process: 1 }),
    { ...refused, end: { atMs: 9, kind: 'unknown', index: undefined, result: undefined } },
  ])
  expect(events).toEqual([
    { process: 0, type: 'invoke', f: 'book', value: 'A1', time: 1e6 },
    { process: 1, type: 'invoke', f: 'book', value: 'A1', time: 2e6 },
    { process: 1, type: 'ok', f: 'book', value: 'done', time: 4e6, index: 5 },
    { process: 0, type: 'info', f: 'book', value: 'A1', time: 9e6 },
  ])
})
