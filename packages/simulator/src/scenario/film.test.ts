import { expect, test } from 'vitest'
import type { Shot } from './film.ts'
import { parseScenario } from './parse.ts'
import { protocols } from './protocol.ts'
import { runScenario } from './run.ts'

const text = `voters a b c d e
mesh
lead c
load 40/s from all
loss 1%
at 2s cut b-c b-d b>e
at 4s freeze a
at 6s resume a
at 8s crash c
run 9s
expect changes <= 1`

test.each(protocols)('[LB1] a run of %s that is filmed is the run that is not', (protocol) => {
  const parsed = parseScenario(text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  const shots: Shot[] = []
  const camera = (shot: Shot): void => void shots.push(shot)
  const filmed = runScenario(parsed.scenario, { protocol, seed: 7, camera })
  expect(filmed).toEqual(runScenario(parsed.scenario, { protocol, seed: 7 }))

  expect(shots.map(({ isCommitted }) => isCommitted)).toEqual(filmed.windows)
  expect(shots.flatMap(({ story }) => story)).toEqual(filmed.story.filter(({ atMs }) => atMs >= 0))
  const last = shots.at(-1)
  expect(last).toMatchObject({ changes: filmed.changes, decided: filmed.decided })
  expect(last?.glimpses.find(({ name }) => name === 'c')?.doing).toBe('closed')
  expect(shots[49]?.glimpses.find(({ name }) => name === 'a')?.doing).toBe('frozen')
  expect(shots[25]?.up).not.toContainEqual({ from: 'b', to: 'e' })
  expect(shots[25]?.up).toContainEqual({ from: 'e', to: 'b' })
  expect(shots.flatMap(({ parcels }) => parcels).some(({ isLost }) => isLost)).toBe(true)
})
