import { afterEach, expect, test } from 'vitest'
import { defineMachine } from './machine.ts'
import type { TestCluster } from './testing.ts'
import { createTestCluster } from './testing.ts'

const notes = defineMachine({
  name: 'notes',
  version: 1,
  initial: (): readonly string[] => [],
  commands: { add: (state, note: string) => ({ state: [...state, note], result: state.length }) },
})

let cluster: TestCluster<readonly string[], typeof notes.commands>

afterEach(() => cluster.close())

test('[XO8] a caller who gave up asks again for the same command, and it runs once', async () => {
  cluster = createTestCluster({ machine: notes })
  const [a, b, c] = await cluster.form(3)
  if (a === undefined || b === undefined || c === undefined) throw new Error('nobody')
  await a.do.add('first')
  const leader = [a, b, c].find(({ me }) => me === a.status.leader)
  const author = [a, b, c].find((tab) => tab !== leader)
  if (author === undefined) throw new Error('nobody')
  // Long enough to be handed to the leader, too short to hear from it.
  const proposal = author.do.add('second', { timeoutMs: 0 })
  const outcome = await proposal.outcome
  const end = outcome.kind === 'unknown' ? await again(outcome.retry) : outcome
  expect(end).toMatchObject({ kind: 'committed', result: 1 })
  expect(author.state).toEqual(['first', 'second'])
})

async function again(
  retry: () => { readonly outcome: Promise<{ readonly kind: string }> },
): Promise<unknown> {
  for (;;) {
    const outcome = await retry().outcome
    if (outcome.kind !== 'unknown') return outcome
  }
}

test('[XO8] after the end of its group nobody knows any more than before', async () => {
  cluster = createTestCluster({ machine: notes })
  const [a, b, c] = await cluster.form(3)
  if (a === undefined || b === undefined || c === undefined) throw new Error('nobody')
  const author = [a, b, c].find(({ me }) => me !== a.status.leader)
  if (author === undefined) throw new Error('nobody')
  const proposal = author.do.add('left')
  await Promise.resolve()
  cluster.crash(author)
  const outcome = await proposal.outcome
  if (outcome.kind !== 'unknown') throw new Error(outcome.kind)
  expect(await outcome.retry().outcome).toMatchObject({ kind: 'unknown', why: 'closed' })
})
