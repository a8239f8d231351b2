import { expect, test } from 'vitest'
import type { Experiment } from './address.ts'
import { experimentIn, fragmentOf, isLabAddress, textMax, usualExperiment } from './address.ts'

const names = ['U1', 'QL', 'CE']

test('[LB3] an experiment survives its address', () => {
  const experiment: Experiment = {
    name: 'QL',
    text: 'voters a b c\nmesh\nat 10ms cut a>b # & more\nrun 5s\n',
    left: 'raft-pv-cq',
    right: 'unanimous-direct',
    seed: 4711,
  }
  const hash = fragmentOf(experiment)
  expect(isLabAddress(hash)).toBe(true)
  expect(experimentIn(hash, names)).toEqual(experiment)
})

test.each([
  '#lab',
  '#lab=toString&left=unanimous&right=raft&seed=0',
  '#lab=&seed=1.5',
  '#lab=U9&seed=1000000',
  `#lab=U1&text=${'x'.repeat(textMax + 1)}`,
])('[LB3] what an address says wrongly is as usual: %.60s', (hash) => {
  expect(experimentIn(hash, names)).toEqual(usualExperiment)
})

test('[LB3] an invitation to a group is no address of the lab', () => {
  expect(isLabAddress('#group=abc')).toBe(false)
  expect(isLabAddress('')).toBe(false)
})
