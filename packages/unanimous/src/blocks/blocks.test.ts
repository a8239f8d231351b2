/** The blocks' handles in a group of real replicas, with a leader that is killed in the middle. */
import { afterEach, expect, test } from 'vitest'
import {
  barrier,
  blocks,
  combine,
  counter,
  election,
  lock,
  once,
  queue,
  register,
  turns,
  uniqueSet,
} from '../blocks.ts'
import { Refused } from '../errors.ts'
import type { Group } from '../group.ts'
import type { TestCluster } from '../testing.ts'
import { createTestCluster } from '../testing.ts'

const machine = combine(blocks)
type State = ReturnType<typeof machine.initial>
type Tab = Group<State, typeof machine.commands>
let cluster: TestCluster<State, typeof machine.commands>

async function three(): Promise<readonly [Tab, Tab, Tab]> {
  cluster = createTestCluster({ machine })
  const [a, b, c] = await cluster.form(3)
  if (a === undefined || b === undefined || c === undefined) throw new Error('nobody')
  return [a, b, c]
}

/** The leader is gone in the middle of a word; the other two go on. */
function killLeader(): void {
  const leader = cluster.leader()
  if (leader === undefined) throw new Error('nobody leads')
  cluster.crash(leader)
}

afterEach(() => cluster.close())

test('[BK2] a lock that is released goes to the next in line, and one whose holder vanished too', async () => {
  const [a, b, c] = await three()
  const [first, second] = [lock(a, 'page', { ttlMs: 2000 }), lock(b, 'page', { ttlMs: 2000 })]
  const held = await first.acquire()
  expect(first.holder).toBe(a.me)
  expect(await second.acquire({ waitMs: 300 })).toBeUndefined()
  const waiting = second.acquire()
  await held?.release()
  expect(held?.lost.aborted).toBe(true)
  const next = await waiting
  expect(next?.fence).toBeGreaterThan(held?.fence ?? Infinity)
  const third = lock(c, 'page', { ttlMs: 2000 }).acquire()
  cluster.crash(b)
  const last = await third
  expect(last?.fence).toBeGreaterThan(next?.fence ?? Infinity)
  expect(last?.lost.aborted).toBe(false)
})

test('[BK2] a holder outlives its leader, and one that is cut off knows that it has lost', async () => {
  const [a, b, c] = await three()
  const leader = cluster.leader()
  const [holder, other] = [a, b, c].filter((tab) => tab !== leader)
  if (holder === undefined || other === undefined) throw new Error('nobody')
  const held = await lock(holder, 'k', { ttlMs: 60_000 }).acquire()
  killLeader()
  await counterOf(holder).next()
  expect(held?.lost.aborted).toBe(false)
  expect(lock(other, 'k').holder).toBe(holder.me)
  const short = await lock(holder, 'short', { ttlMs: 1500 }).acquire()
  cluster.isolate(holder)
  await cluster.until(() => short?.lost.aborted === true)
  expect(held?.lost.aborted).toBe(false)
})

test('[BK2] who gives up waiting by its signal is out of the line', async () => {
  const [a, b] = await three()
  const held = await lock(a, 'k').acquire()
  const stop = new AbortController()
  const waiting = lock(b, 'k').acquire({ abort: stop.signal })
  await cluster.until(() => a.state.lock.held['k']?.waiters.length === 1)
  stop.abort(new Error('no longer'))
  await expect(waiting).rejects.toThrow('no longer')
  await cluster.until(() => a.state.lock.held['k']?.waiters.length === 0)
  await held?.[Symbol.asyncDispose]()
  await cluster.until(() => a.state.lock.held['k'] === undefined)
})

test('[BK11] one tab is elected, and another one when it vanishes, resigns or stands no more', async () => {
  const tabs = await three()
  let standing = true
  const all = tabs.map((tab) =>
    election(tab, 'saver', { ttlMs: 2000, eligible: ({ visible }) => visible && standing }),
  )
  const elected = (): number[] => all.flatMap(({ isMe }, at) => (isMe ? [at] : []))
  await cluster.until(() => elected().length === 1)
  const [first = -1] = elected()
  const fence = all[first]?.fence ?? Infinity
  const [tab] = tabs.filter((_, at) => at === first)
  if (tab === undefined) throw new Error('nobody')
  let told = 0
  all.forEach((each) => each.onChange(() => (told += 1)))
  cluster.crash(tab)
  await cluster.until(() => elected().some((at) => at !== first))
  const [second = -1] = elected().filter((at) => at !== first)
  expect(all[second]?.fence).toBeGreaterThan(fence)
  expect(told).toBeGreaterThan(0)
  await all[second]?.resign()
  await cluster.until(() => elected().some((at) => at !== first && at !== second))
  standing = false
  await counterOf(tabs.find((each) => each !== tab)).next()
  await cluster.until(() => elected().every((at) => at === first))
})

const counterOf = (tab: Tab | undefined): ReturnType<typeof counter> => {
  if (tab === undefined) throw new Error('nobody')
  return counter(tab, 'n')
}

test('[BK3] counters have neither gaps nor doubles, though their leader is killed', async () => {
  const tabs = await three()
  const survivors = tabs.filter((tab) => tab !== cluster.leader())
  const numbers: Promise<number>[] = []
  for (let each = 0; each < 20; each += 1) {
    for (const tab of survivors) numbers.push(counterOf(tab).next())
    if (each === 10) killLeader()
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const all = (await Promise.all(numbers)).sort((x, y) => x - y)
  expect(all).toEqual(all.map((_, at) => at + 1))
  expect(counterOf(survivors[0]).value).toBe(40)
})

test('[BK4] of many who change a register at once, each round has one winner', async () => {
  const tabs = await three()
  const survivors = tabs.filter((tab) => tab !== cluster.leader())
  await register<number>(survivors[0] ?? tabs[0], 'r').set(0)
  const before = survivors.map((tab) => register<number>(tab, 'r').compareAndSet(0, 1))
  killLeader()
  const after = survivors.map((tab) => register<number>(tab, 'r').compareAndSet(1, 2))
  expect((await Promise.all(before)).filter(Boolean).length).toBe(1)
  expect((await Promise.all(after)).filter(Boolean).length).toBeLessThan(2)
  expect([1, 2]).toContain(register<number>(survivors[0] ?? tabs[0], 'r').value)
})

test('[BK5] a name is won by one, whatever happens to the leader', async () => {
  const tabs = await three()
  const survivors = tabs.filter((tab) => tab !== cluster.leader())
  const claims = survivors.map((tab) => uniqueSet(tab, 'names').claim('zicklag'))
  killLeader()
  const answers = await Promise.all(claims)
  expect(answers.filter(({ won }) => won).length).toBe(1)
  const [one] = survivors
  if (one === undefined) throw new Error('nobody')
  const owner = uniqueSet(one, 'names').ownerOf('zicklag')
  const owning = survivors.find(({ me }) => me === owner)
  const other = survivors.find(({ me }) => me !== owner)
  if (owning === undefined || other === undefined) throw new Error('nobody')
  await expect(uniqueSet(other, 'names').release('zicklag')).rejects.toThrow(Refused)
  await uniqueSet(owning, 'names').release('zicklag')
  expect(await uniqueSet(other, 'names').claim('zicklag')).toEqual({ won: true })
})

test('[BK6] every job is done once, though the leader is killed and a worker vanishes with a job in hand', async () => {
  const tabs = await three()
  const leader = cluster.leader() ?? tabs[0]
  const [worker] = tabs.filter((tab) => tab !== leader)
  if (worker === undefined) throw new Error('nobody')
  const jobs = queue<number>(worker, 'print')
  for (let value = 0; value < 6; value += 1) await jobs.push(value)
  // The leader takes one and is gone.
  for await (const job of queue<number>(leader, 'print').work({ visibilityMs: 2000 })) {
    expect(job.attempt).toBe(1)
    killLeader()
    break
  }
  const stop = new AbortController()
  const finished: number[] = []
  for await (const job of jobs.work({ visibilityMs: 2000, abort: stop.signal })) {
    await job.done()
    finished.push(job.value)
    if (finished.length === 6) stop.abort()
  }
  expect(finished.toSorted()).toEqual([0, 1, 2, 3, 4, 5])
  expect(jobs.length).toBe(0)
})

test('[BK7] turns go around, and a player who vanished is skipped', async () => {
  const [a, b, c] = await three()
  const order = [a.me, b.me, c.me]
  const games = [a, b, c].map((tab) => turns(tab, 'chess', { order, skipAbsentAfterMs: 2000 }))
  const [one, two, three_] = games
  if (one === undefined || two === undefined || three_ === undefined) throw new Error('nobody')
  await one.start()
  expect(one.isMine).toBe(true)
  await expect(two.pass()).rejects.toThrow(Refused)
  await one.pass()
  await cluster.until(() => two.isMine)
  cluster.crash(b)
  await cluster.until(() => three_.isMine)
  await three_.pass()
  await cluster.until(() => one.isMine)
  expect(one.turn).toBe(3)
  games.forEach((game) => game.stop())
})

test('[BK8] what is made once is the same for all, whatever happens to the leader', async () => {
  const tabs = await three()
  const survivors = tabs.filter((tab) => tab !== cluster.leader())
  const makers = survivors.map((tab) => once(tab, 'seed', () => Promise.resolve(tab.me as string)))
  killLeader()
  const [first, second] = await Promise.all(makers)
  expect(first).toBe(second)
  const [one] = survivors
  if (one === undefined) throw new Error('nobody')
  expect(await once(one, 'seed', () => 'never used')).toBe(first)
})

test('[BK9] a barrier opens for all when the last arrives, and lets one who gives up go', async () => {
  const tabs = await three()
  const survivors = tabs.filter((tab) => tab !== cluster.leader())
  const [one, other] = survivors
  if (one === undefined || other === undefined) throw new Error('nobody')
  expect(await barrier(one, 'start', { parties: 2 }).arrive({ waitMs: 100 })).toBe(false)
  expect(barrier(one, 'start', { parties: 2 }).arrived).toEqual([])
  const early = barrier(one, 'start', { parties: 2 }).arrive()
  await cluster.until(() => barrier(other, 'start', { parties: 2 }).arrived.length === 1)
  killLeader()
  expect(await barrier(other, 'start', { parties: 2 }).arrive()).toBe(true)
  expect(await early).toBe(true)
})
