/** The blocks' machines by themselves: pure functions of state, arguments and context. */
import type { DecidedCommand, Incarnation, Index, WallMillis } from '@unanimous/core'
import { replicaId } from '@unanimous/core'
import { expect, test } from 'vitest'
import { blocks, combine } from '../blocks.ts'
import { encodeCommand } from '../command-codec.ts'
import type { Json } from '../json.ts'
import type { Ending } from '../machine-runner.ts'
import { MachineRunner } from '../machine-runner.ts'
import { keysMax, waitersMax } from './arguments.ts'

const [ada, bob, cyd] = ['a', 'b', 'c'].map((digit) => replicaId(digit.repeat(32)))
if (ada === undefined || bob === undefined || cyd === undefined) throw new Error('nobody')
type Member = typeof ada

/** A log in which tests write: each command has the next index, and time passes as they say. */
function log() {
  const runner = new MachineRunner(combine(blocks), { twice: true })
  let index = 0
  let now = 1000
  return {
    get state() {
      return runner.state
    },
    wait: (ms: number): void => {
      now += ms
    },
    run: (author: Member, name: string, args: Json): Ending => {
      index += 1
      const decided: DecidedCommand = {
        ...{ author, incarnation: 1 as Incarnation, seq: index, index: index as Index },
        ...{ ballot: { num: 1, node: author }, stamp: now as WallMillis },
        command: encodeCommand({ name, args }),
      }
      return runner.apply(decided)
    },
  }
}

const done = (result: unknown): Ending => ({ kind: 'done', result })
const refused = (code: string): object => ({ kind: 'refused', code })
const claim = (token = 't', ttlMs = 100): Json => ({ key: 'k', token, ttlMs })

test('[BK2] a lock is granted in the order of the log, and each holder has a higher fence', () => {
  const { run } = log()
  expect(run(ada, 'lock.claim', claim())).toEqual(done({ granted: true, fence: 1 }))
  expect(run(bob, 'lock.claim', claim())).toEqual(done({ granted: false, until: 1100 }))
  expect(run(cyd, 'lock.claim', claim())).toEqual(done({ granted: false, until: 1100 }))
  expect(run(ada, 'lock.claim', claim())).toEqual(done({ granted: true, fence: 1 }))
  expect(run(bob, 'lock.release', { key: 'k', fence: 1 })).toMatchObject(refused('LOST'))
  expect(run(ada, 'lock.release', { key: 'k', fence: 1 })).toEqual(done(undefined))
  expect(run(bob, 'lock.claim', claim())).toEqual(done({ granted: true, fence: 6 }))
  expect(run(ada, 'lock.renew', { key: 'k', fence: 1 })).toMatchObject(refused('LOST'))
})

test('[BK2] a lock whose holder is silent goes to the next who asks, and a renewed one does not', () => {
  const { run, wait } = log()
  run(ada, 'lock.claim', claim())
  wait(99)
  expect(run(ada, 'lock.renew', { key: 'k', fence: 1 })).toEqual(done({ until: 1199 }))
  wait(50)
  expect(run(bob, 'lock.claim', claim())).toMatchObject(done({ granted: false, until: 1199 }))
  wait(50)
  expect(run(bob, 'lock.claim', claim())).toEqual(done({ granted: true, fence: 4 }))
  expect(run(ada, 'lock.release', { key: 'k', fence: 1 })).toMatchObject(refused('LOST'))
})

test('[BK2] who gives up is passed over, and one who gives up what it just got gives it back', () => {
  const own = log()
  own.run(ada, 'lock.claim', claim())
  own.run(bob, 'lock.claim', claim())
  own.run(cyd, 'lock.claim', claim())
  own.run(bob, 'lock.cancel', { key: 'k', token: 't' })
  own.run(ada, 'lock.release', { key: 'k', fence: 1 })
  expect(own.state.lock.held['k']?.holder.member).toBe(cyd)
  own.run(cyd, 'lock.cancel', { key: 'k', token: 't' })
  expect(own.state.lock.held).toEqual({})
  expect(own.run(cyd, 'lock.cancel', { key: 'k', token: 't' })).toEqual(done(undefined))
})

test('[BK3] counters give 1, 2, 3 to whoever asks, each name by itself', () => {
  const { run } = log()
  expect([ada, bob, ada].map((who) => run(who, 'counter.next', 'invoice'))).toEqual(
    [1, 2, 3].map(done),
  )
  expect(run(bob, 'counter.next', 'constructor')).toEqual(done(1))
})

test('[BK4] a register changes only from the value that was seen', () => {
  const { run } = log()
  const cas = (expected: Json | undefined, value: Json): Json => ({
    ...{ key: 'k', value },
    ...(expected === undefined ? {} : { expected }),
  })
  expect(run(ada, 'register.compareAndSet', cas(undefined, { a: 1, b: 2 }))).toEqual(done(true))
  expect(run(bob, 'register.compareAndSet', cas(undefined, 'x'))).toEqual(done(false))
  expect(run(bob, 'register.compareAndSet', cas({ b: 2, a: 1 }, 'x'))).toEqual(done(true))
  run(ada, 'register.set', { key: 'k', value: 'y' })
  expect(run(bob, 'register.compareAndSet', cas('x', 'z'))).toEqual(done(false))
})

test('[BK5] a value of a unique set belongs to the first who claims it, until that one lets go', () => {
  const { run } = log()
  const item = { set: 'names', value: 'zicklag' }
  expect(run(ada, 'uniqueSet.claim', item)).toEqual(done({ won: true }))
  expect(run(bob, 'uniqueSet.claim', item)).toEqual(done({ won: false, by: ada }))
  expect(run(ada, 'uniqueSet.claim', item)).toEqual(done({ won: true }))
  expect(run(bob, 'uniqueSet.release', item)).toMatchObject(refused('NOT_YOURS'))
  run(ada, 'uniqueSet.release', item)
  expect(run(bob, 'uniqueSet.claim', item)).toEqual(done({ won: true }))
})

test('[BK6] a job is in one pair of hands at a time, and comes back when that takes too long', () => {
  const { run, wait } = log()
  run(ada, 'queue.push', { queue: 'q', value: 'one' })
  run(ada, 'queue.push', { queue: 'q', value: 'two' })
  const take = (who: Member): Ending => run(who, 'queue.take', { queue: 'q', visibilityMs: 100 })
  const job = (id: number, value: string, attempt: number, fence: number): Ending =>
    done({ job: { id, value, attempt, fence } })
  expect(take(ada)).toEqual(job(1, 'one', 1, 3))
  expect(take(bob)).toEqual(job(2, 'two', 1, 4))
  expect(take(cyd)).toEqual(done({ job: null }))
  run(bob, 'queue.giveBack', { queue: 'q', id: 2, fence: 4 })
  expect(take(cyd)).toEqual(job(2, 'two', 2, 7))
  wait(100)
  expect(take(bob)).toEqual(job(1, 'one', 2, 8))
  expect(run(ada, 'queue.done', { queue: 'q', id: 1, fence: 3 })).toMatchObject(refused('LOST'))
  expect(run(bob, 'queue.done', { queue: 'q', id: 1, fence: 8 })).toEqual(done(undefined))
})

test('[BK7] nobody moves out of turn, and the absent are skipped only when it is time', () => {
  const own = log()
  own.run(ada, 'turns.start', { key: 'g', order: [ada, bob], skipAfterMs: 100 })
  own.run(bob, 'turns.start', { key: 'g', order: [bob] })
  const at = (turn: number): Json => ({ key: 'g', turn })
  expect(own.run(bob, 'turns.pass', at(0))).toMatchObject(refused('NOT_YOUR_TURN'))
  expect(own.run(ada, 'turns.pass', at(0))).toEqual(done(undefined))
  expect(own.run(ada, 'turns.pass', at(0))).toMatchObject(refused('TOO_LATE'))
  expect(own.run(ada, 'turns.skip', at(1))).toMatchObject(refused('TOO_EARLY'))
  own.wait(100)
  expect(own.run(cyd, 'turns.skip', at(1))).toMatchObject(refused('NOT_A_PLAYER'))
  expect(own.run(ada, 'turns.skip', at(1))).toEqual(done(undefined))
  expect(own.run(bob, 'turns.pass', at(1))).toMatchObject(refused('TOO_LATE'))
  expect(own.run(ada, 'turns.pass', at(2))).toEqual(done(undefined))
})

test('[BK8] the first content that is offered is everybody’s', () => {
  const { run } = log()
  expect(run(ada, 'once.offer', { key: 'k', value: 'hers' })).toEqual(done('hers'))
  expect(run(bob, 'once.offer', { key: 'k', value: 'his' })).toEqual(done('hers'))
})

test('[BK9] a barrier opens when enough are there, and closes behind them', () => {
  const own = log()
  const arrive = (who: Member): Ending => own.run(who, 'barrier.arrive', { key: 'k', parties: 2 })
  expect([arrive(ada), arrive(ada), arrive(bob), arrive(cyd)]).toEqual([0, 0, 0, 1].map(done))
  own.run(cyd, 'barrier.depart', 'k')
  expect(own.state.barrier['k']).toEqual({ round: 1, arrived: [] })
})

test.each<readonly [string, Json]>([
  ['lock.claim', { key: '', token: 't', ttlMs: 1 }],
  ['lock.claim', { key: 'k', token: 't', ttlMs: 0 }],
  ['lock.renew', { key: 'k', fence: 'x' }],
  ['counter.next', 'x'.repeat(257)],
  ['counter.next', null],
  ['register.set', { key: 'k' }],
  ['uniqueSet.claim', { set: 's' }],
  ['queue.push', { queue: 'q' }],
  ['queue.take', { queue: 'q', visibilityMs: -1 }],
  ['queue.done', []],
  ['turns.start', { key: 'k', order: [] }],
  ['turns.pass', { key: 'k', turn: 0.5 }],
  ['once.offer', { key: 'k' }],
  ['barrier.arrive', { key: 'k', parties: 65 }],
])('[BK10] %s does not take what makes no sense: %j', (name, args) => {
  const own = log()
  const before = own.state
  expect(own.run(ada, name, args)).toMatchObject(refused('INVALID'))
  expect(own.state).toBe(before)
})

test('[BK10] a block holds so many keys, and a lock so many who wait', () => {
  const full = Object.fromEntries(Array.from({ length: keysMax }, (_, at) => [`k${at}`, 1]))
  const context = {
    ...{ index: 1, ballot: { num: 1, node: ada }, author: ada, now: 0, random: () => 0 },
    refuse: (code: string): never => {
      throw new Error(code)
    },
    emit: () => undefined,
  }
  expect(() => blocks.counter.commands.next(full, 'one more', context)).toThrow('TOO_MANY_KEYS')
  expect(blocks.counter.commands.next(full, 'k7', context).result).toBe(2)
  const waiters = Array.from({ length: waitersMax }, (_, at) => ({
    ...{ member: bob, token: `${at}`, ttlMs: 100 },
  }))
  const holder = { member: cyd, token: 't', ttlMs: 100 }
  const held = { k: { holder, fence: 0, until: 100, waiters } }
  const asked = { key: 'k', token: 'new', ttlMs: 100 }
  expect(() => blocks.lock.commands.claim({ held }, asked, context)).toThrow('TOO_MANY_WAITERS')
})
