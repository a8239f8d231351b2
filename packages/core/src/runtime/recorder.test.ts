import { expect, test } from 'vitest'
import { settled } from '../testing/manual-clock.ts'
import { createMemoryWorld } from '../testing/memory-world.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { createObservers } from './observers.ts'
import { Recorder, traceEventsMax } from './recorder.ts'
import type { TraceEvent } from './trace-event.ts'

const command = Uint8Array.of(1)

test('[TR1] frames, links, ballots, roles, leaders, voters and decisions are told in the order in which they happened', async () => {
  const world = createMemoryWorld()
  const [a, b] = await world.form('a', 'b', 'c')
  if (a === undefined || b === undefined) throw new Error('nobody')
  a.replica.propose(command)
  await world.until(() => b.applied.length === 1)
  const events = b.replica.trace.recent()
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => (events[0]?.seq ?? 0) + at))
  const types = new Set(events.map(({ type }) => type))
  for (const type of ['sent', 'received', 'link', 'joined', 'promised', 'leader', 'decided']) {
    expect(types).toContain(type)
  }
  const lead = a.replica.trace.recent()
  const phases = lead.flatMap((event) => (event.type === 'role' ? [event.phase] : []))
  expect(phases).toEqual(['preparing', 'leading'])
  expect(lead.findLast(({ type }) => type === 'voters')).toMatchObject({ voters: { length: 3 } })
  expect(lead.findLast(({ type }) => type === 'decided')).toMatchObject({
    end: a.replica.status().decidedEnd,
  })
})

test('[TR2] each frame is told with its kind and size, and counted by kind at both ends alike', async () => {
  const world = createMemoryWorld()
  const [a, b, c] = await world.form('a', 'b', 'c')
  if (a === undefined || b === undefined || c === undefined) throw new Error('nobody')
  a.replica.propose(command)
  await world.until(() => [b, c].every(({ applied }) => applied.length === 1))
  await settled()
  const sent = a.replica.figures().kinds['accept']
  const [atB, atC] = [b, c].map(({ replica }) => replica.figures().kinds['accept'])
  expect(sent?.sent).toBe((atB?.received ?? 0) + (atC?.received ?? 0))
  expect(sent?.bytesSent).toBe((atB?.bytesReceived ?? 0) + (atC?.bytesReceived ?? 0))
  const frame = b.replica.trace.recent().findLast((event) => event.type === 'received')
  if (frame?.type !== 'received') throw new Error('nothing came')
  expect([a.id, c.id]).toContain(frame.peer)
  expect(frame.bytes).toBeGreaterThan(0)
})

test('[TR2] a relayed frame is counted by what is inside, and says its path', async () => {
  const world = createMemoryWorld()
  const [a, b, c] = await world.form('a', 'b', 'c')
  if (a === undefined || b === undefined || c === undefined) throw new Error('nobody')
  world.hub.setLink(a.id, c.id, 'down')
  c.replica.propose(command)
  await world.until(() => c.applied.length === 1)
  const relayed = b.replica.trace
    .recent()
    .find((event) => event.type === 'received' && event.kind === 'propose' && 'path' in event)
  expect(relayed).toMatchObject({ path: [c.id, b.id, a.id] })
})

test('[TR3] the newest events are kept, and only so many', () => {
  const clock = manualClock()
  const recorder = new Recorder(
    clock,
    createObservers(() => undefined),
  )
  const heard: TraceEvent[] = []
  const stop = recorder.subscribe((event) => heard.push(event))
  for (let end = 0; end < traceEventsMax + 10; end += 1) recorder.note({ type: 'decided', end })
  expect(recorder.recent().length).toBe(traceEventsMax)
  expect(recorder.recent()[0]?.seq).toBe(10)
  expect(recorder.recent(2).map(({ seq }) => seq)).toEqual([traceEventsMax + 8, traceEventsMax + 9])
  stop()
  recorder.note({ type: 'closed' })
  expect(heard.length).toBe(traceEventsMax + 10)
})

test('[TR4] what a listener of the trace throws reaches neither the loop nor other listeners', async () => {
  const world = createMemoryWorld()
  const [a] = await world.form('a')
  if (a === undefined) throw new Error('nobody')
  const heard: TraceEvent[] = []
  a.replica.trace.subscribe(() => {
    throw new Error('bang')
  })
  a.replica.trace.subscribe((event) => heard.push(event))
  a.replica.propose(command)
  await world.until(() => a.applied.length === 1)
  expect(a.replica.lifecycle.state).toBe('running')
  expect(heard.length).toBeGreaterThan(0)
  expect(a.problems).toContainEqual({ type: 'listenerThrew', error: new Error('bang') })
})
