import type { MemberId } from 'unanimous'
import { expect, test } from 'vitest'
import type { Fault, Faults } from './fault-words.ts'
import { applyWeather, faultWords, levels, weatherOf } from './fault-words.ts'

const peer = 'b'.repeat(32) as MemberId

test.each<readonly [Fault, string]>([
  [{ type: 'cut', peer, direction: 'in' }, 'This tab hears nothing from Bob.'],
  [{ type: 'cut', peer, direction: 'both' }, 'This tab is cut off from Bob.'],
  [
    { type: 'delay', peer: undefined, direction: 'both', ms: [20, 120] },
    'Messages with everybody take 20 to 120 ms longer.',
  ],
  [
    { type: 'drop', peer, direction: 'both', share: 0.05 },
    '5 % of the messages with Bob are lost.',
  ],
  [{ type: 'signaling-stopped' }, 'No signaling server is reached.'],
])('[DM6] %o reads: %s', (fault, words) => {
  expect(faultWords(fault, () => 'Bob')).toBe(words)
})

test('[DM6] each level replaces the one before, from nothing to worse', () => {
  const calls: string[] = []
  const note =
    (name: string) =>
    (aim?: object): void =>
      void calls.push(`${name} ${JSON.stringify(aim ?? {})}`)
  const faults = {
    ...{ heal: note('heal'), delay: note('delay'), drop: note('drop') },
    ...{ duplicate: note('duplicate'), reorder: note('reorder') },
  } as unknown as Faults
  applyWeather(faults, 'calm')
  expect(calls).toEqual([
    ...['heal {}', 'delay {"ms":[0,0]}', 'drop {"share":0}'],
    ...['duplicate {"share":0}', 'reorder {"share":0}'],
  ])
  const lost = levels.map((level) => weatherOf[level].drop)
  expect(lost).toEqual([...lost].sort((a, b) => a - b))
})
