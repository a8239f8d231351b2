import { expect, test } from 'vitest'
import { openTickWorker, WorkerTicks, type WorkerLike } from './worker-ticks.ts'

/** A worker that ticks when it is told to. */
function workerOf() {
  const asked: unknown[] = []
  const worker: WorkerLike & { terminated: boolean } = {
    onmessage: null,
    onerror: null,
    terminated: false,
    postMessage: (message) => asked.push(message),
    terminate: () => (worker.terminated = true),
  }
  const tick = (id: number): void => worker.onmessage?.({ data: id } as MessageEvent<number>)
  return { worker, asked, tick }
}

test('[PL1] each who wants ticks has its own, from one worker that ends with the last', () => {
  const { worker, asked, tick } = workerOf()
  let opened = 0
  const ticks = new WorkerTicks(() => {
    opened += 1
    return worker
  })
  const heard: string[] = []
  const stopOne = ticks.every(50, () => heard.push('one'))
  const stopTwo = ticks.every(1000, () => heard.push('two'))
  tick(1)
  tick(2)
  tick(2)
  expect(heard).toEqual(['one', 'two', 'two'])
  stopOne()
  stopOne()
  tick(1)
  expect([heard.length, worker.terminated]).toEqual([3, false])
  stopTwo()
  expect([opened, worker.terminated]).toEqual([1, true])
  expect(asked).toEqual([
    { id: 1, periodMs: 50 },
    { id: 2, periodMs: 1000 },
    { id: 1, arrived: true },
    { id: 2, arrived: true },
    { id: 2, arrived: true },
    { id: 1, stop: true },
    { id: 1, arrived: true },
    { id: 2, stop: true },
  ])
})

test('[PL1] where a page may have no such worker, nothing ticks and nothing throws', () => {
  const stop = new WorkerTicks(() => undefined).every(50, () => undefined)
  stop()
  expect(openTickWorker()).toBeUndefined()
  const { worker } = workerOf()
  new WorkerTicks(() => worker).every(50, () => undefined)
  worker.onerror?.({} as ErrorEvent)
  expect(worker.terminated).toBe(true)
})
