import { expect, test } from 'vitest'
import { fuzz, optionsFrom } from './fuzz.ts'
import type { Watcher } from './watcher.ts'

test('[PE1] people who want this and that of a group do not keep it from agreeing and growing', () => {
  let wishes = 0
  let kept = 0
  let rotated = 0
  const watcher: Watcher = {
    struck: (what) => (wishes += Number(what.includes(' wants: '))),
    stepped: (tab) => {
      const newest = tab.state?.protocol.log.configurations.at(-1)
      kept += Number((newest?.wishes?.length ?? 0) > 0)
      rotated = Math.max(rotated, newest?.rotation?.number ?? 0)
    },
  }
  const options = optionsFrom(700_003)
  const { configurations } = fuzz({ ...options, peopleMs: [300, 2000] }, watcher)
  expect(wishes).toBeGreaterThan(5)
  expect(kept).toBeGreaterThan(0)
  expect(rotated).toBeGreaterThan(0)
  expect(configurations).toBeGreaterThan(1)
})
