import type { DecidedCommand, Incarnation, Index, WallMillis } from '@unanimous/core'
import { replicaId } from '@unanimous/core'
import { expect, test } from 'vitest'
import { encodeCommand } from './command-codec.ts'
import { MachineNotDeterministic, StateNotSerializable } from './errors.ts'
import type { Json } from './json.ts'
import { defineMachine } from './machine.ts'
import { MachineRunner } from './machine-runner.ts'

const author = replicaId('a'.repeat(32))

const decided = (name: string, args?: Json, index = 7): DecidedCommand => ({
  author,
  incarnation: 1 as Incarnation,
  seq: 0,
  index: index as Index,
  ballot: { num: 3, node: author },
  stamp: 1000 as WallMillis,
  command: encodeCommand({ name, args }),
})

const machine = defineMachine({
  name: 'test',
  version: 1,
  initial: () => ({ value: 0, seen: [] as readonly Json[] }),
  commands: {
    add: (state, by: number) => ({
      state: { ...state, value: state.value + by },
      result: state.value,
    }),
    note: (state, _: undefined, context) => ({
      ...state,
      seen: [...state.seen, context.index, context.now, context.author, context.random()],
    }),
    forbid: (_state, why: string, context) => context.refuse('NO', { why }),
    explode: () => {
      throw new Error('bang')
    },
    nothing: () => undefined,
    later: () => Promise.resolve(1),
  },
})

test('[MA1] a handler gives the next state, and a result if it wants to', () => {
  const runner = new MachineRunner(machine)
  expect(runner.apply(decided('add', 2))).toEqual({ kind: 'done', result: 0 })
  expect(runner.apply(decided('add', 3))).toEqual({ kind: 'done', result: 2 })
  expect(runner.state.value).toBe(5)
})

test('[MA2] a refusal changes nothing and carries its code and detail', () => {
  const runner = new MachineRunner(machine)
  const before = runner.state
  const ending = runner.apply(decided('forbid', 'full'))
  expect(ending).toEqual({ kind: 'refused', code: 'NO', detail: { why: 'full' } })
  expect(runner.state).toBe(before)
})

test.each([
  ['throws', 'explode', 'bang'],
  ['gives nothing', 'nothing', 'return the next one'],
  ['gives a promise', 'later', 'return the next one'],
  ['does not exist', 'absent', 'no command absent'],
  ['is a name that every object has', 'constructor', 'no command constructor'],
])(
  '[MA3] a command whose handler %s ends alone: the state stays, the next one runs',
  (_, name, why) => {
    const runner = new MachineRunner(machine)
    const ending = runner.apply(decided(name))
    expect(ending.kind).toBe('threw')
    expect(ending.kind === 'threw' && ending.message).toContain(why)
    expect(runner.apply(decided('add', 1)).kind).toBe('done')
  },
)

test('[MA3] bytes that are no command end alone too', () => {
  const runner = new MachineRunner(machine)
  for (const bytes of [[], [0xff], [...Buffer.from('{"a":1}')], [...Buffer.from('[1,2]')]]) {
    const ending = runner.apply({ ...decided('add'), command: new Uint8Array(bytes) })
    expect(ending.kind).toBe('threw')
  }
})

test('[MA4] two tabs that run the same commands see the same index, time, author and chance', () => {
  const [one, two] = [new MachineRunner(machine), new MachineRunner(machine)]
  for (const runner of [one, two]) {
    runner.apply(decided('note', undefined, 7))
    runner.apply(decided('note', undefined, 8))
  }
  expect(one.state).toEqual(two.state)
  const [index, now, by, chance] = one.state.seen
  expect([index, now, by]).toEqual([7, 1000, author])
  expect(chance).not.toBe(one.state.seen[7])
})

test('[MA5] a machine that cannot work is refused where it is defined', () => {
  const commands = { add: (state: number) => state }
  const initial = (): number => 0
  expect(() => defineMachine({ name: '', version: 1, initial, commands })).toThrow(TypeError)
  expect(() => defineMachine({ name: 'x', version: 0, initial, commands })).toThrow(TypeError)
  expect(() => defineMachine({ name: 'x', version: 1, initial, commands: {} })).toThrow(TypeError)
})

const noisy = defineMachine({
  name: 'noisy',
  version: 1,
  initial: () => ({ value: 0 }),
  commands: {
    add: (state, by: number, context) => {
      context.emit({ added: by })
      return by > 9 ? context.refuse('TOO_MUCH') : { value: state.value + by }
    },
  },
  validate: {
    add(args) {
      if (typeof args !== 'number') throw new TypeError('not a number')
      return args
    },
  },
})

test('[MA7] arguments that the machine does not take are refused before they leave and again where they are applied', () => {
  const runner = new MachineRunner(noisy)
  expect(runner.whyNot({ name: 'add', args: 'x' })).toEqual({
    ...{ why: 'invalid', detail: 'not a number' },
  })
  expect(runner.whyNot({ name: 'add', args: 1 })).toBeUndefined()
  expect(runner.apply(decided('add', 'x'))).toEqual({
    ...{ kind: 'refused', code: 'INVALID', detail: 'not a number' },
  })
  expect(runner.state).toEqual({ value: 0 })
})

test('[MA7] a validation of a command that is not there is refused where it is defined', () => {
  const validate = { constructor: () => undefined } as unknown as NonNullable<typeof noisy.validate>
  expect(() => defineMachine({ ...noisy, validate })).toThrow('constructor')
})

test('[MA8] listeners hear of each command after it, with what it emitted; a refused one emits nothing', () => {
  const runner = new MachineRunner(noisy)
  const heard: unknown[] = []
  const stop = runner.subscribe(({ index, command, ending, emitted }) => {
    heard.push([index, command, ending.kind, emitted, runner.state.value])
  })
  runner.apply(decided('add', 2, 7))
  runner.apply(decided('add', 20, 8))
  stop()
  runner.apply(decided('add', 3, 9))
  expect(heard).toEqual([
    [7, 'add', 'done', [{ added: 2 }], 2],
    [8, 'add', 'refused', [], 2],
  ])
})

let outside = 0
const impure = defineMachine({
  name: 'impure',
  version: 1,
  initial: () => ({ list: [] as number[] }),
  commands: {
    fine: (state) => ({ list: [...state.list, 1] }),
    chance: (_state, _: undefined, context) => ({ list: [context.random()] }),
    count: () => ({ list: [(outside += 1)] }),
    push: (state) => {
      state.list.push(1)
      return state
    },
  },
})

test('[MA9] in development a handler that gives two results, or changes what it is given, is found', () => {
  const runner = new MachineRunner(impure, { twice: true })
  expect(runner.apply(decided('fine')).kind).toBe('done')
  expect(runner.apply(decided('chance')).kind).toBe('done')
  expect(() => runner.apply(decided('count'))).toThrow(MachineNotDeterministic)
  expect(() => runner.apply(decided('push'))).toThrow(MachineNotDeterministic)
  expect(new MachineRunner(impure).apply(decided('count')).kind).toBe('done')
})

test('[FP3] equal states are equal bytes, whatever the order in which their keys were made', () => {
  const bag = defineMachine({
    name: 'bag',
    version: 1,
    initial: (): Readonly<Record<string, number>> => ({}),
    commands: { put: (state, key: string) => ({ ...state, [key]: 1 }) },
  })
  const [one, other] = [new MachineRunner(bag), new MachineRunner(bag)]
  for (const key of ['a', 'b']) one.apply(decided('put', key))
  for (const key of ['b', 'a']) other.apply(decided('put', key))
  expect(one.snapshot()).toEqual(other.snapshot())
  other.apply(decided('put', 'c'))
  expect(one.snapshot()).not.toEqual(other.snapshot())
})

test('[MA9] a large state is rehearsed now and then: what that costs a command does not grow with the state', () => {
  let calls = 0
  const hoard = defineMachine({
    name: 'hoard',
    version: 1,
    initial: () => 'x'.repeat(100_000),
    commands: {
      touch: (state) => {
        calls += 1
        return state
      },
      spoil: () => String(Math.random()),
    },
  })
  const runner = new MachineRunner(hoard, { twice: true })
  for (let count = 0; count < 1000; count += 1) runner.apply(decided('touch'))
  expect(calls).toBeGreaterThan(1000 + 30)
  expect(calls).toBeLessThan(1000 + 60)
  const spoil = (): void => {
    for (let count = 0; count < 100; count += 1) runner.apply(decided('spoil'))
  }
  expect(spoil).toThrow(MachineNotDeterministic)
})

const list = defineMachine({
  name: 'list',
  version: 1,
  initial: (): { readonly order: Readonly<Record<string, unknown>> } => ({ order: {} }),
  commands: {
    put: ({ order }, key: string) => ({ order: { ...order, [key]: 1 } }),
    spoil: ({ order }, what: string) => ({
      order: { ...order, spoilt: what === 'map' ? new Map() : what === 'nan' ? NaN : undefined },
    }),
  },
})

test('[SN10] a state comes back as it was stored, its keys in the order in which they were made', () => {
  const [one, other] = [new MachineRunner(list), new MachineRunner(list)]
  for (const key of ['b', 'a', '__proto__']) one.apply(decided('put', key))
  const saved = one.save()
  if (saved === undefined) throw new Error('it can be stored')
  other.restore(saved)
  expect(other.state).toEqual(one.state)
  expect(Object.keys(other.state.order)).toEqual(Object.keys(one.state.order))
  for (const runner of [one, other]) runner.apply(decided('put', 'c'))
  expect(other.save()).toEqual(one.save())
})

test('[SN10] a state that is not JSON is not stored, and the page is told once', () => {
  for (const what of ['map', 'nan', 'undefined']) {
    const told: unknown[] = []
    Object.assign(globalThis, { reportError: (error: unknown) => told.push(error) })
    const runner = new MachineRunner(list)
    runner.apply(decided('spoil', what))
    expect([runner.save(), runner.save()]).toEqual([undefined, undefined])
    Reflect.deleteProperty(globalThis, 'reportError')
    expect(told).toHaveLength(1)
    expect(told[0]).toBeInstanceOf(StateNotSerializable)
    expect(String(told[0])).toContain('state.order.spoilt is ')
  }
})

test('[SN10] in development, and at the beginning, a state that is not JSON is an error', () => {
  const runner = new MachineRunner(list, { twice: true })
  expect(() => runner.apply(decided('spoil', 'map'))).toThrow(StateNotSerializable)
  const dates = defineMachine({
    ...{ name: 'dates', version: 1, initial: () => ({ since: new Date(0) }) },
    commands: { keep: (state: { readonly since: Date }) => state },
  })
  expect(() => new MachineRunner(dates)).toThrow(StateNotSerializable)
})
