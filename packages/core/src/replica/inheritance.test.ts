import { expect, test } from 'vitest'
import { incarnation, ownVote } from '../protocol/ids.ts'
import type { Bequest } from '../protocol/message.ts'
import { logEnd } from '../protocol/log.ts'
import { leaderOf } from '../testing/leaders.ts'
import { a, b, c } from '../testing/stores.ts'
import { dispatchWill } from './inheritance.ts'

test.each([
  { role: 'member', reason: undefined, votes: [a, b] },
  { role: 'standby', reason: 'standsBy', votes: [a] },
] as const)('[SB1] what is left to a $role: $reason', ({ role, reason, votes }) => {
  const step = leaderOf([a, b, c])
  Object.assign(step.replica.options, { role })
  const { accepted, promised, decidedEnd, log, estate } = step.replica.protocol
  const end = logEnd(log)
  const bequest: Bequest = {
    ...{ type: 'bequest', incarnation: incarnation(1), votes: [ownVote(b)], promised, accepted },
    ...{ logEnd: end, decidedEnd, tailFrom: end, tail: [] },
  }
  dispatchWill(step, b, bequest)
  const ignored = step.out.notify.flatMap((event) =>
    event.type === 'ignored' ? [event.reason] : [],
  )
  expect(ignored).toEqual(reason === undefined ? [] : [reason])
  expect(estate.written).toEqual(votes.map(ownVote))
})
