import { describe, expect, it } from 'vitest'
import { manualClock } from './manual-clock.ts'

describe('a clock that is moved by hand', () => {
  it('[TP8] calls back when it is due, in order, and not after it was stopped', async () => {
    const clock = manualClock(0)
    const calls: string[] = []
    const stop = clock.every(30, () => calls.push(`slow ${clock.now()}`))
    clock.every(20, () => calls.push(`fast ${clock.now()}`))
    await clock.advance(65)
    stop()
    await clock.advance(35)
    expect(calls).toEqual([
      'fast 20',
      'slow 30',
      'fast 40',
      'slow 60',
      'fast 60',
      'fast 80',
      'fast 100',
    ])
    expect(clock.now()).toBe(100)
  })

  it('[TP8] what a call starts in microtasks is over before the next call', async () => {
    const clock = manualClock(0)
    const story: string[] = []
    clock.every(10, () => {
      story.push('call')
      void Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => story.push('over'))
    })
    await clock.advance(20)
    expect(story).toEqual(['call', 'over', 'call', 'over'])
  })

  it('[TP8] after a sleep each call is made once, late', async () => {
    const clock = manualClock(0)
    let calls = 0
    clock.every(10, () => (calls += 1))
    await clock.sleep(1000)
    expect(calls).toBe(1)
    await clock.advance(10)
    expect(calls).toBe(2)
  })

  it('[TP8] the wall clock goes with it and can be shifted', async () => {
    const clock = manualClock(0, 5000)
    await clock.advance(100)
    clock.shiftWall(-50)
    expect([clock.now(), clock.wall()]).toEqual([100, 5050])
  })
})
