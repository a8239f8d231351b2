/** All that three stores can do within a small bound; `pnpm sim check` goes further. */
import { expect, test } from 'vitest'
import { presets } from '../src/model/bounds.ts'
import { check } from '../src/model/check.ts'

test('[MC1] [MC2] two leaders, one command and all orders of their messages: explored to the end, and nothing is wrong', () => {
  const report = check({ bounds: presets.small })
  expect(report).toMatchObject({ finished: true, violation: undefined })
  // Two leaders do meet: one after the other is not all that was explored.
  expect(report.depth).toBeGreaterThan(20)
  expect(report.states).toBeGreaterThan(100_000)
})

test('[MC3] one change of the voters, and a restart anywhere', () => {
  const bounds = { ...presets.small, nominations: 1, commands: 0, configurations: 1, restarts: 1 }
  expect(check({ bounds })).toMatchObject({ finished: true, violation: undefined })
})

test('[MC5] a page leaves its votes to another one and opens again, while a store comes to lead or restarts', () => {
  const report = check({ bounds: presets.wills })
  expect(report).toMatchObject({ finished: true, violation: undefined })
  expect(report.states).toBeGreaterThan(300_000)
})

test('[MC5] two heirs, two pages that close and open, a restart and a message that comes twice: no vote is cast by two', () => {
  const ownership = { nominations: 0, heirs: 2, closings: 2, restarts: 1, duplicates: 1 }
  const report = check({ bounds: { ...presets.wills, ...ownership } })
  expect(report).toMatchObject({ finished: true, violation: undefined })
  expect(report.states).toBeGreaterThan(100_000)
})

test('[MC4] a search that stops early does not claim to be complete', () => {
  const report = check({ bounds: presets.small, statesMax: 1000 })
  expect(report).toMatchObject({ finished: false, violation: undefined })
})
