import { parseScenario, runScenario } from '@unanimous/simulator'
import type { Shot } from '@unanimous/simulator'
import { expect, test } from 'vitest'
import { append, createTotals, emptyRecording, knownMs, shotAt } from './recording.ts'
import { figuresOf, verdictOf } from './world-words.ts'

const text =
  'voters a b c\nmesh\nlead c\nload 40/s from all\nat 2s crash c\nrun 6s\nexpect changes = 0'

test('[LB2] what is shown at the end of a run is what the run came to', () => {
  const parsed = parseScenario(text)
  if (!parsed.ok) throw new Error('no scenario')
  const recording = emptyRecording()
  const camera = (shot: Shot): void => append(recording, [shot])
  const outcome = runScenario(parsed.scenario, { protocol: 'raft', seed: 3, camera })
  recording.ending = outcome
  const soFar = createTotals()(recording, 6000)
  expect(soFar).toMatchObject({
    committed: outcome.committed,
    changes: outcome.changes,
    handovers: outcome.handovers,
    decided: outcome.decided,
  })
  expect(Math.abs((soFar?.stallMs ?? 0) - outcome.stallMs)).toBeLessThan(200)
  expect(knownMs(recording)).toBe(6000)
  expect(shotAt(recording, 1234)?.endMs).toBe(1300)
  expect(shotAt(recording, 99_999)?.endMs).toBe(6000)
  const figures = figuresOf(soFar, outcome)
  expect(figures.find(({ key }) => key === 'changes')).toMatchObject({ soFar: '1', whole: '1' })
  expect(verdictOf(outcome, 6000, 6000)).toMatchObject({ tone: 'bad', line: 'Fails here' })
  expect(verdictOf(undefined, 3000, 6000).small).toContain('50 %')
})

test('a recording that has nothing yet shows nothing', () => {
  const recording = emptyRecording()
  expect(shotAt(recording, 0)).toBeUndefined()
  expect(createTotals()(recording, 0)).toBeUndefined()
})
