/**
 * The protocol under schedules that no election would choose is safe; and the checkers notice when one of its rules is broken
 * from outside, so that their silence means something.
 */
import type { Durable, Index, Message } from '@unanimous/core/internal'
import { zeroBallot } from '@unanimous/core/internal'
import { expect, test } from 'vitest'
import type { Sabotage } from '../src/adversary.ts'
import { torment } from '../src/adversary.ts'

const worlds = 200
const steps = 4000

test(`${worlds} adversarial schedules agree`, () => {
  let [decided, configurations, leaderships, taken] = [0, 0, 0, 0]
  for (let seed = 0; seed < worlds; seed += 1) {
    const verdict = torment({ seed, steps })
    decided += verdict.decided
    configurations += verdict.configurations
    leaderships += verdict.leaderships
    taken += verdict.taken
  }
  const many = [decided > 1000, configurations > 100, leaderships > 1000, taken > 100]
  expect(many).toEqual([true, true, true, true])
})

function withoutLast(durable: Durable): Durable {
  const { entries, decidedEnd } = durable
  return { ...durable, entries: entries.slice(0, Math.max(decidedEnd, entries.length - 2)) }
}

/** Now and then, by the length of its log. */
function wiped(durable: Durable): Durable {
  if (durable.entries.length % 7 !== 0) return durable
  const empty = { promised: zeroBallot, accepted: zeroBallot, entries: [] }
  return { ...durable, ...empty, decidedEnd: 0 as Index }
}

function firstOnly(message: Message): Message {
  if (message.type !== 'acceptSync' || message.entries.length < 2) return message
  return { ...message, entries: message.entries.slice(0, 1), total: (message.from + 1) as Index }
}

/** All that it holds, a promiser calls decided: then older configurations do not count any more. */
function boastful(message: Message): Message {
  return message.type === 'promised' ? { ...message, decidedEnd: message.logEnd } : message
}

const controls: readonly (readonly [string, Sabotage])[] = [
  ['a store forgets its promise', { restart: (disk) => ({ ...disk, promised: disk.accepted }) }],
  ['a store loses what it accepted last', { restart: withoutLast }],
  ['a wiped store keeps its name', { restart: wiped }],
  ['a sync is not atomic', { carry: firstOnly }],
  ['configurations of the adopted tail are passed over', { carry: boastful }],
  ['messages leave before their writes', { early: true }],
]

test.each(controls)('control: when %s, the checkers notice', (_name, sabotage) => {
  const seedsMax = 600
  let noticed = 0
  for (let seed = 0; seed < seedsMax && noticed === 0; seed += 1) {
    try {
      torment({ seed, steps, sabotage })
    } catch {
      noticed += 1
    }
  }
  expect(noticed).toBe(1)
})
