import { expect, test } from 'vitest'
import { openTickWorker, WorkerTicks } from './worker-ticks.ts'

test('[PL1] a real worker ticks, and a page that was busy finds one tick for all that it missed', async () => {
  const ticks = new WorkerTicks(openTickWorker)
  let count = 0
  let wake: () => void = () => undefined
  const stop = ticks.every(20, () => {
    count += 1
    wake()
  })
  const next = (): Promise<void> => new Promise((resolve) => (wake = resolve))
  await next()
  await next()
  const before = count
  const until = performance.now() + 500
  while (performance.now() < until);
  // What was queued meanwhile comes before this message.
  await new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => resolve()
    port2.postMessage(undefined)
  })
  expect(count - before).toBeLessThanOrEqual(2)
  await next()
  stop()
})
