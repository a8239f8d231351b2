import { afterEach, expect, test } from 'vitest'
import { NotSent, PresenceTooLarge, Refused } from './errors.ts'
import type { Group } from './group.ts'
import { defineMachine } from './machine.ts'
import type { TestCluster } from './testing.ts'
import { createTestCluster } from './testing.ts'

const seats = defineMachine({
  name: 'seats',
  version: 1,
  initial: (): { taken: Record<string, string> } => ({ taken: {} }),
  commands: {
    book: (state, seat: string, context) => {
      const by = state.taken[seat]
      if (by !== undefined) return context.refuse('TAKEN', { by })
      context.emit({ sold: seat })
      return { taken: { ...state.taken, [seat]: context.author } }
    },
  },
  validate: {
    book(seat) {
      if (typeof seat !== 'string' || !/^[A-Z]\d$/.test(seat)) throw new TypeError('no such seat')
      return seat
    },
  },
})

type State = ReturnType<typeof seats.initial>
type SeatGroup = Group<State, typeof seats.commands>
let cluster: TestCluster<State, typeof seats.commands>

async function three(): Promise<readonly [SeatGroup, SeatGroup, SeatGroup]> {
  cluster = createTestCluster({ machine: seats })
  const [a, b, c] = await cluster.form(3)
  if (a === undefined || b === undefined || c === undefined) throw new Error('nobody')
  return [a, b, c]
}

afterEach(() => cluster.close())

test('[GR1] a proposal is stored first and committed then, at one index if no leader changes', async () => {
  const [, b] = await three()
  const order: string[] = []
  const proposal = b.do.book('A1')
  const stored = proposal.stored.then(({ index }) => order.push(`stored ${index}`))
  const outcome = await proposal.outcome
  await stored
  if (outcome.kind !== 'committed') throw new Error(outcome.kind)
  expect(order).toEqual([`stored ${outcome.index}`])
  await proposal
})

test('[GR2] arguments that the machine does not take never leave the tab', async () => {
  const [a] = await three()
  const commit = a.status.commit
  const proposal = a.do.book('nonsense')
  await expect(proposal).rejects.toThrow(NotSent)
  await expect(proposal).rejects.toThrow('no such seat')
  await expect(proposal.stored).rejects.toThrow(NotSent)
  expect(await proposal.outcome).toEqual({
    ...{ kind: 'not-sent', why: 'invalid', detail: 'no such seat' },
  })
  expect(a.status.commit).toBe(commit)
})

test('[GR3] without a leader a proposal fails at once if it is told to, and else waits for one', async () => {
  const [a, b, c] = await three()
  cluster.isolate(c)
  await cluster.until(() => c.status.phase === 'no-quorum')
  expect(await c.do.book('A1', { whenOffline: 'fail' }).outcome).toEqual({
    ...{ kind: 'not-sent', why: 'no-quorum' },
  })
  const waiting = c.do.book('A2')
  const stop = new AbortController()
  const aborted = c.do.book('A3', { abort: stop.signal })
  stop.abort()
  expect(await aborted.outcome).toEqual({ kind: 'not-sent', why: 'aborted' })
  cluster.heal()
  await waiting
  await cluster.until(() => [a, b].every(({ state }) => state.taken['A2'] === c.me))
  expect(a.state.taken['A3']).toBeUndefined()
})

test('[GR4] events are told in every tab, each once, after the state shows them', async () => {
  const [a, b] = await three()
  const heard: string[] = []
  b.on('committed', ({ command, ending, author }) => {
    heard.push(`${command} ${ending} ${author === a.me} ${Object.keys(b.state.taken).length}`)
  })
  b.on('emitted', ({ event }) => heard.push(JSON.stringify(event)))
  await a.do.book('A1')
  await expect(a.do.book('A1')).rejects.toThrow(Refused)
  await cluster.until(() => heard.length === 3)
  expect(heard).toEqual(['book done true 1', '{"sold":"A1"}', 'book refused true 1'])
})

test('[GR4] a watch tells what its selection is now and was before, and of nothing else', async () => {
  const [a] = await three()
  const seen: unknown[] = []
  const stop = a.watch(
    ({ taken }) => taken['A1'],
    (now, before) => seen.push([now, before]),
  )
  await a.do.book('A2')
  await a.do.book('A1')
  await cluster.until(() => seen.length > 0)
  stop()
  expect(seen).toEqual([[a.me, undefined]])
})

test('[GR4] another leader, and another rung, are told', async () => {
  const [a, b, c] = await three()
  const told: string[] = []
  for (const tab of [b, c]) {
    tab.on('leader', ({ leader }) => told.push(`leader ${leader === a.me}`))
    tab.on('rung', ({ rung }) => told.push(rung))
    tab.on('status', ({ phase }) => told.push(phase))
  }
  cluster.crash(a)
  await cluster.until(() => told.includes('leader'))
  await cluster.until(() => [b, c].every(({ status }) => status.phase === 'ready'))
  expect(told).toContain('leader false')
  expect(told).toContain('ready')
})

test('[GR5] presence is seen by the others and gone with its tab', async () => {
  const [a, b, c] = await three()
  let calls = 0
  const stop = a.presence.subscribe(() => (calls += 1))
  b.presence.set({ name: 'Bea' })
  await cluster.until(() => [a, c].every(({ presence }) => presence.others.get(b.me) !== undefined))
  expect(a.presence.others.get(b.me)).toEqual({ name: 'Bea' })
  expect(b.presence.mine).toEqual({ name: 'Bea' })
  expect(calls).toBeGreaterThan(0)
  stop()
  b.presence.set(undefined)
  await cluster.until(() => a.presence.others.size === 0)
  c.presence.set('here')
  await cluster.until(() => a.presence.others.get(c.me) === 'here')
  c.close()
  await cluster.until(() => a.presence.others.size === 0)
})

test('[GR5] who comes later is told; too much is refused', async () => {
  const [a] = await three()
  a.presence.set([1, 2])
  const late = await cluster.open()
  await cluster.until(() => late.presence.others.get(a.me) !== undefined)
  expect(() => a.presence.set('x'.repeat(5000))).toThrow(PresenceTooLarge)
  expect(a.presence.mine).toEqual([1, 2])
})

test('[IX2] metrics and trace show what this tab did, and a download can be read line by line', async () => {
  const [a] = await three()
  await a.do.book('A1')
  const { proposals, latencyMs, network, log, elections } = a.inspect.metrics()
  expect(proposals).toMatchObject({ committed: 1, waiting: 0 })
  expect(latencyMs?.count).toBe(1)
  expect(network.kinds['accept']?.sent).toBeGreaterThan(0)
  expect(log.decided).toBe(a.status.commit)
  expect(elections).toMatchObject({ stood: 1, won: 1 })
  const lines = (await a.inspect.trace.download().text()).trimEnd().split('\n')
  const [head, ...events] = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(head).toMatchObject({ schema: 'unanimous-trace', version: 1, member: a.me })
  expect(events.length).toBe(lines.length - 1)
  expect(events.every(({ type, at }) => typeof type === 'string' && typeof at === 'number'))
  expect(a.inspect.invariants().every(({ checked, violated }) => checked > 0 && violated === 0))
})

test('[GR6] whoever has no patience to leave closes at once, and is not forgotten twice', async () => {
  const [, b] = await three()
  cluster.isolate(b)
  await b.leave({ abort: AbortSignal.abort() })
  expect(b.status.phase).toBe('stopped')
  await expect(b.forget()).rejects.toThrow('closed')
})

test('[IX2] metrics come again and again until they are stopped', async () => {
  const [a] = await three()
  let calls = 0
  const stop = a.inspect.onMetrics(() => (calls += 1), 20)
  await cluster.until(() => calls > 1)
  stop()
})
