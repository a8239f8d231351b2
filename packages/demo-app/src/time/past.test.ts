import type { MemberId } from 'unanimous'
import { expect, test } from 'vitest'
import { pastAt } from './past.ts'
import type { TraceEvent } from './trace-words.ts'

const [me, bob, eve] = ['a', 'b', 'c'].map((digit) => digit.repeat(32)) as [
  MemberId,
  MemberId,
  MemberId,
]
const ballot = (num: number, node: MemberId) => ({ num, node })
const frame = { kind: 'beacon', bytes: 9 }

const events = [
  { at: 100, type: 'voters', voters: [me, `${bob}~3`] },
  { at: 100, type: 'promised', ballot: ballot(2, bob) },
  { at: 110, type: 'leader', leader: bob, ballot: ballot(2, bob) },
  { at: 120, type: 'received', peer: bob, ...frame },
  { at: 130, type: 'received', peer: bob, path: [eve, bob, me], ...frame },
  { at: 140, type: 'decided', end: 7 },
  { at: 9_000, type: 'promised', ballot: ballot(3, me) },
  { at: 9_010, type: 'leader', leader: me, ballot: ballot(3, me) },
].map((event, seq) => ({ seq, ...event }) as unknown as TraceEvent)

test('[DM12] a moment shows who led, who voted, who was heard and by which way', () => {
  const { status, vias } = pastAt(events, 200, { me })
  expect(status.leader).toBe(bob)
  expect(status.members.map(({ id, rung }) => [id, rung])).toEqual([
    [me, 'voter'],
    [bob, 'leader'],
    [eve, 'standby'],
  ])
  expect(status.members[0]).toMatchObject({ ballot: ballot(2, bob), decidedEnd: 7 })
  expect(status.links.map(({ peer }) => peer)).toEqual([bob])
  expect(vias.get(eve)).toEqual([bob])
  expect(status.quorum).toMatchObject({ need: 2, have: 2 })
})

test('[DM12] later, who was silent is gone; earlier, nothing is known that had not happened', () => {
  const later = pastAt(events, 9_020, { me }).status
  expect(later.leader).toBe(me)
  expect(later.members.map(({ id }) => id)).toEqual([me])
  expect(pastAt(events, 50, { me }).status).toMatchObject({ leader: undefined, links: [] })
})

test('[DM12] what a trace never mentions is as it is now', () => {
  const now = {
    ...{ leader: eve, ballot: ballot(9, eve), rung: 'observer' as const },
    quorum: { need: 1, have: 1, voters: [eve] },
  }
  const { status } = pastAt([], 200, { me, now })
  expect(status).toMatchObject({ leader: eve, quorum: { voters: [eve], have: 0 } })
  expect(status.members[0]).toMatchObject({ ballot: ballot(9, eve), rung: 'observer' })
})
