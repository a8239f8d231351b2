import type { GroupStatus, MemberId } from 'unanimous'
import { expect, test } from 'vitest'
import { newsOf } from './spoken-log.ts'

const [me, bob] = ['a'.repeat(32), 'b'.repeat(32)] as MemberId[]

const statusOf = (more: Partial<Record<keyof GroupStatus, unknown>>): GroupStatus =>
  ({
    ...{ phase: 'ready', leader: me, quorum: { need: 2, have: 2, voters: [me, bob] } },
    members: [
      { id: me, isMe: true, reached: true },
      { id: bob, isMe: false, reached: true },
    ],
    ...more,
  }) as unknown as GroupStatus

const nameOf = (id: string): string => (id === bob ? 'Bob' : 'Ada')

test('[DM10] who leads, who is out of reach and who is back is said, and nothing twice', () => {
  const first = statusOf({})
  expect(newsOf(first, undefined, nameOf)).toEqual([
    expect.stringMatching(/^Deciding\. /),
    'This tab leads.',
  ])
  expect(newsOf(statusOf({}), first, nameOf)).toEqual([])
  const away = statusOf({ leader: bob, members: [{ id: me, isMe: true, reached: true }] })
  expect(newsOf(away, first, nameOf)).toEqual(['Bob leads.', 'Bob is out of reach.'])
  expect(newsOf(first, away, nameOf)).toEqual(['This tab leads.', 'Bob is here.'])
})
