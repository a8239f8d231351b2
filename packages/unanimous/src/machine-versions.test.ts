import type { DecidedCommand, Incarnation, Index, WallMillis } from '@unanimous/core'
import { replicaId } from '@unanimous/core'
import { expect, test } from 'vitest'
import { combine } from './blocks/combine.ts'
import { encodeCommand } from './command-codec.ts'
import { MachineNotDeterministic, MigrationFailed } from './errors.ts'
import type { Json } from './json.ts'
import { defineMachine } from './machine.ts'
import { MachineRunner } from './machine-runner.ts'
import { createTestCluster } from './testing/cluster.ts'

const author = replicaId('a'.repeat(32))

const decided = (name: string, args?: Json): DecidedCommand => ({
  ...{ author, incarnation: 1 as Incarnation, seq: 0, index: 7 as Index },
  ...{ ballot: { num: 3, node: author }, stamp: 1000 as WallMillis },
  command: encodeCommand({ name, args }),
})

interface Yesterday {
  readonly names: readonly string[]
}

const yesterday = defineMachine({
  name: 'guests',
  version: 1,
  initial: (): Yesterday => ({ names: [] }),
  commands: {
    add: (state, name: string) => ({ names: [...state.names, name] }),
  },
})

interface Today {
  readonly guests: Readonly<Record<string, number>>
}

const today = defineMachine({
  name: 'guests',
  version: 2,
  initial: (): Today => ({ guests: {} }),
  commands: {
    add: (state, name: string) => ({ guests: { ...state.guests, [name]: 1 } }),
    bring: (state, { name, count }: { name: string; count: number }) => ({
      guests: { ...state.guests, [name]: count },
    }),
  },
  previous: [yesterday],
  migrate: (old: Yesterday): Today => ({
    guests: Object.fromEntries(old.names.map((name) => [name, 1])),
  }),
})

test('[MV4] a page runs the version in force, and goes over by migrate when the group does', () => {
  const runner = new MachineRunner(today, { twice: true })
  expect(runner.versions).toEqual([1, 2])
  runner.raise(1)
  expect(runner.apply(decided('bring', { name: 'Ada', count: 2 })).kind).toBe('threw')
  runner.apply(decided('add', 'Ada'))
  runner.raise(2)
  expect(runner.state).toEqual({ guests: { Ada: 1 } })
  expect(runner.apply(decided('bring', { name: 'Ada', count: 2 })).kind).toBe('done')
  expect(runner.state).toEqual({ guests: { Ada: 2 } })
})

test('[MV5] while an older version is in force, the page shows what its state will be, and the disk what it is', () => {
  const runner = new MachineRunner(today)
  runner.raise(1)
  runner.apply(decided('add', 'Ada'))
  const { state } = runner
  expect(state).toEqual({ guests: { Ada: 1 } })
  expect(runner.state).toBe(state)
  expect(new TextDecoder().decode(runner.save())).toBe('[{"names":["Ada"]}]')
})

test('[MV5] a command that the version in force lacks does not leave the tab', () => {
  const runner = new MachineRunner(today)
  runner.raise(1)
  expect(runner.whyNot({ name: 'bring', args: null })).toEqual({
    ...{ why: 'version', detail: 'bring comes with version 2, and the group is at version 1' },
  })
  expect(runner.whyNot({ name: 'add', args: 'Ada' })).toBeUndefined()
  runner.raise(2)
  expect(runner.whyNot({ name: 'bring', args: null })).toBeUndefined()
})

test('[MV4] a state that was stored is of the version that it was stored with', () => {
  const runner = new MachineRunner(today)
  const bytes = new TextEncoder().encode('[{"names":["Ada"]}]')
  runner.restore(bytes, 1)
  expect(runner.state).toEqual({ guests: { Ada: 1 } })
  runner.raise(2)
  expect(new TextDecoder().decode(runner.save())).toBe('[{"guests":{"Ada":1}}]')
})

test('[MV1] a group begins with the first state of its version, and not with one of before', () => {
  const runner = new MachineRunner({ ...today, initial: () => ({ guests: { Host: 1 } }) })
  runner.raise(2)
  expect(runner.state).toEqual({ guests: { Host: 1 } })
})

test('[MV1] what was decided before versions were is of the oldest that the page carries', () => {
  const runner = new MachineRunner(today)
  runner.apply(decided('add', 'Ada'))
  expect(new TextDecoder().decode(runner.save())).toBe('[{"names":["Ada"]}]')
  runner.raise(2)
  expect(runner.state).toEqual({ guests: { Ada: 1 } })
})

test('[MV4] a machine without migrate keeps the state as it is', () => {
  const same = defineMachine({ ...yesterday, version: 2, previous: [yesterday] })
  const runner = new MachineRunner(same)
  runner.raise(1)
  runner.apply(decided('add', 'Ada'))
  runner.raise(2)
  expect(runner.state).toEqual({ names: ['Ada'] })
})

let calls = 0
const refusals = [
  ['throws', () => JSON.parse('{') as Today, MigrationFailed],
  ['gives no JSON', () => new Map() as unknown as Today, MigrationFailed],
  [
    'gives another state each time',
    (): Today => ({ guests: { Ada: (calls += 1) } }),
    MachineNotDeterministic,
  ],
  [
    'changes what it is given',
    (old: { names: string[] }): Today => ({ guests: { Ada: old.names.push('Bob') } }),
    MigrationFailed,
  ],
] as const

test.each(refusals)('[MV4] a migrate that %s halts the tab loudly', (_, migrate, error) => {
  const runner = new MachineRunner({ ...today, migrate }, { twice: true })
  runner.raise(1)
  runner.apply(decided('add', 'Ada'))
  expect(() => runner.raise(2)).toThrow(error)
})

test.each([
  ['another name', { ...yesterday, name: 'others' }, 'that is another'],
  ['the same version', { ...yesterday, version: 2 }, 'cannot be a previous one'],
  ['a later version', { ...yesterday, version: 3 }, 'cannot be a previous one'],
])('[MV8] a previous machine of %s is refused', (_, older, why) => {
  expect(() => defineMachine({ ...today, previous: [older] })).toThrow(why)
})

test('[MV8] more previous machines than a beacon can tell of are refused', () => {
  const previous = Array.from({ length: 16 }, (_, at) => ({ ...yesterday, version: at + 1 }))
  expect(() => defineMachine({ ...today, version: 17, previous })).toThrow('15 are the most')
})

const counters = defineMachine({
  name: 'counters',
  version: 1,
  initial: () => ({ count: 0 }),
  commands: { step: (state) => ({ count: state.count + 1 }) },
})

test('[MV9] a combination goes over part by part', () => {
  const runner = new MachineRunner(combine({ guests: today, counters }), { twice: true })
  expect(runner.versions).toEqual([2, 3])
  runner.raise(2)
  runner.apply(decided('guests.add', 'Ada'))
  runner.apply(decided('counters.step'))
  expect(runner.whyNot({ name: 'guests.bring', args: null })?.why).toBe('version')
  runner.raise(3)
  expect(runner.state).toEqual({ guests: { guests: { Ada: 1 } }, counters: { count: 1 } })
})

test('[MV9] a part that is added begins, and one that is taken out is gone', () => {
  const before = combine({ guests: yesterday, old: counters }, { name: 'party' })
  const after = combine(
    { guests: today, counters },
    { name: 'party', version: 3, previous: [before] },
  )
  const runner = new MachineRunner(after)
  runner.raise(2)
  runner.apply(decided('guests.add', 'Ada'))
  runner.raise(3)
  expect(runner.state).toEqual({ guests: { guests: { Ada: 1 } }, counters: { count: 0 } })
})

test('[MV9] of several parts with a past it has to be said what was combined', () => {
  const later = defineMachine({ ...counters, version: 2, previous: [counters] })
  expect(() => combine({ guests: today, later })).toThrow('give it as previous')
  const before = combine({ guests: yesterday, later: counters }, { name: 'guests+counters' })
  const runner = new MachineRunner(combine({ guests: today, later }, { previous: [before] }))
  expect(runner.versions).toEqual([2, 4])
})

test('[MV10] a group in a tab shows its version, and tells when it has one', async () => {
  const cluster = createTestCluster({ machine: today })
  const told: unknown[] = []
  const tab = await cluster.open()
  tab.on('machine', (detail) => told.push(detail))
  await cluster.ready()
  await cluster.until(() => told.length > 0)
  expect(told).toEqual([{ version: 2, before: undefined }])
  expect(tab.status.machine).toEqual({ version: 2, carried: [1, 2], runs: true, waitsFor: [] })
  expect(tab.status.outdated).toBe(false)
  expect(tab.inspect.entries().find(({ kind }) => kind === 'machine')?.version).toBe(2)
  cluster.close()
})
