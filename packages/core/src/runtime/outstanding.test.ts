import { describe, expect, it } from 'vitest'
import { index } from '../protocol/ids.ts'
import type { Fate } from './outstanding.ts'
import { Outstanding } from './outstanding.ts'

const decided = (at: number): Fate<string> => ({
  kind: 'decided',
  index: index(at),
  result: `result ${at}`,
})

describe('outstanding proposals', () => {
  it('[RT5] each learns its own fate, once', async () => {
    const outstanding = new Outstanding<string>()
    const fates = [outstanding.add('1.7', 10).fate, outstanding.add('1.8', 20).fate]
    outstanding.settle('1.8', decided(1))
    outstanding.settle('1.7', decided(2))
    outstanding.settle('1.7', { kind: 'withdrawn' })
    expect(await Promise.all(fates)).toEqual([decided(2), decided(1)])
  })

  it('[RT5] what nobody waits for is nobody’s fate', () => {
    const outstanding = new Outstanding<string>()
    outstanding.settle('1.3', decided(1))
    expect(outstanding.count).toBe(0)
  })

  it('[RT6] counts them and their bytes while they are open', () => {
    const outstanding = new Outstanding<string>()
    void outstanding.add('1.1', 10)
    void outstanding.add('1.2', 30)
    expect([outstanding.count, outstanding.bytes]).toEqual([2, 40])
    outstanding.settle('1.1', decided(0))
    outstanding.settle('1.1', decided(0))
    expect([outstanding.count, outstanding.bytes]).toEqual([1, 30])
  })

  it('[RT5] at the end each is told what is known of it', async () => {
    const outstanding = new Outstanding<string>()
    const fates = [1, 2, 3].map((seq) => outstanding.add(`1.${seq}`, 1).fate)
    outstanding.settle('1.2', decided(5))
    outstanding.abandon((key) =>
      key === '1.1' ? { kind: 'withdrawn' } : { kind: 'unknown', why: 'closed' },
    )
    expect(await Promise.all(fates)).toEqual([
      { kind: 'withdrawn' },
      decided(5),
      { kind: 'unknown', why: 'closed' },
    ])
    expect([outstanding.count, outstanding.bytes]).toEqual([0, 0])
  })
})

it('[SD1] where a proposal stands in the leader’s log is told once, the first time', async () => {
  const outstanding = new Outstanding<number>()
  const { stored } = outstanding.add('1.3', 1)
  outstanding.store('1.3', index(9))
  outstanding.store('1.3', index(12))
  outstanding.store('1.4', index(1))
  expect(await stored).toBe(9)
})
