import type { GroupStatus, LinkInfo, MemberId, MemberInfo } from 'unanimous'
import { expect, test } from 'vitest'
import { drillWords } from './drill.ts'
import { spotAt } from './ring-places.ts'
import { nodeWords, ringOf } from './ring-view.ts'

const id = (letter: string): MemberId => letter.repeat(32) as MemberId
const [me, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map(id) as [
  ...[MemberId, MemberId, MemberId, MemberId, MemberId],
]

const member = (who: MemberId, more: Partial<MemberInfo> = {}): MemberInfo => ({
  ...{ id: who, isMe: who === me, rung: 'voter', reached: true },
  ...{ ballot: { num: 2, node: b }, logEnd: 9, decidedEnd: 8 },
  ...more,
})
const link = (peer: MemberId, more: Partial<LinkInfo> = {}): LinkInfo => ({
  ...{ peer, state: 'open', rttMs: 3, bufferedBytes: 0, generation: 1, refused: undefined },
  route: undefined,
  ...more,
})
const status = {
  ...{ leader: b, clock: { hidden: false }, quorum: { need: 3, have: 3, voters: [me, b, c, d] } },
  members: [member(me), member(b, { rung: 'leader' }), member(c, { reached: false })],
  links: [link(b), link(c), link(e, { state: 'opening' })],
  feeding: { path: [], fed: [] },
} as unknown as GroupStatus

test('[RV1] the ring has this tab first, then members, voters that are away, and newcomers', () => {
  const { nodes, links, logEnd } = ringOf(
    status,
    { [b]: 'Ada' },
    { viaOf: () => [], isCut: () => false },
  )
  expect(nodes.map((node) => [node.id, node.fare])).toEqual([
    [me, 'well'],
    [b, 'well'],
    [c, 'silent'],
    [d, 'away'],
    [e, 'arriving'],
  ])
  expect(nodes.map(({ isLeader }) => isLeader)).toEqual([false, true, false, false, false])
  expect(links.map(({ peer, state }) => [peer, state])).toEqual([
    [b, 'open'],
    [c, 'silent'],
    [d, 'none'],
    [e, 'opening'],
  ])
  expect(logEnd).toBe(9)
  expect(nodes.slice(1, 2).map(nodeWords)).toEqual([
    'Ada: leader, ballot 2, 8 of 9 entries decided',
  ])
})

test('[RV1] frames that go through others make a link a relayed one', () => {
  const { links } = ringOf(
    status,
    {},
    {
      viaOf: (peer) => (peer === d ? [b] : []),
      isCut: (peer) => peer === b || peer === d,
    },
  )
  expect(links.find(({ peer }) => peer === d)).toMatchObject({ state: 'relayed', via: [b] })
  expect(links.find(({ peer }) => peer === b)).toMatchObject({ state: 'cut' })
})

const lore = { viaOf: () => [], isCut: () => false }
const watching = ['f', '0', '1', '2', '3', '4', '5', '6', '7'].map(id)
const observer = (who: MemberId): MemberInfo => member(who, { rung: 'observer' })

test('[RV3] whoever watches stands in a row below, with an arrow from this tab to those whom it feeds', () => {
  const [one = me, two = me] = watching
  const fed = { path: [], fed: [{ id: two, below: 0 }] }
  const members = [...status.members, observer(one), observer(two)]
  const ring = ringOf({ ...status, members, feeding: fed, links: [link(two)] }, {}, lore)
  const row = ring.nodes.filter(({ rung }) => rung === 'observer')
  expect(row.map((node) => node.id)).toEqual([two, one])
  expect(Math.min(...row.map(({ spot }) => spot.y))).toBeGreaterThan(spotAt(0, 3).y)
  expect(ring.feeds).toEqual([{ from: me, to: two }])
  // Whoever is fed by others has no link to this tab, and none is missing.
  expect(ring.links.map(({ peer }) => peer)).not.toContain(one)
  expect(ring.more).toBeUndefined()
})

test('[RV3] a tab that watches is in the row, and sees by which way it is fed', () => {
  const [above = me] = watching
  const feeding = { path: [c, above], fed: [] }
  const members = [observer(me), observer(above), member(c)]
  const ring = ringOf({ ...status, members, feeding, links: [link(above)] }, {}, lore)
  expect(ring.feeds).toEqual([
    { from: b, to: c },
    { from: c, to: above },
    { from: above, to: me },
  ])
  // Who feeds the row is at its top; voters without a link to this tab are no missing ones.
  expect(ring.nodes.map((node) => [node.id, node.fare])).toEqual([
    [c, 'well'],
    [b, 'far'],
    [d, 'far'],
    [above, 'well'],
    [me, 'well'],
  ])
})

test('[RV3] many who watch are a row and a number', () => {
  const [one = me, two = me] = watching
  const feeding = {
    path: [],
    fed: [
      { id: one, below: 12 },
      { id: two, below: 0 },
    ],
  }
  const members = [...status.members, ...watching.map(observer)]
  const ring = ringOf({ ...status, members, feeding }, {}, lore)
  expect(ring.nodes.filter(({ rung }) => rung === 'observer')).toHaveLength(7)
  expect(ring.more?.count).toBe(7)
})

test('a ring of less than three has empty places', () => {
  const alone = { ...status, members: [member(me)], links: [] }
  const quorum = { need: 1, have: 1, voters: [me] }
  expect(ringOf({ ...alone, quorum }, {}, lore).vacant).toEqual([spotAt(1, 3), spotAt(2, 3)])
})

test('this tab is at the bottom', () => {
  expect(spotAt(0, 3).y).toBeGreaterThan(Math.max(spotAt(1, 3).y, spotAt(2, 3).y))
})

test('[RV2] a change of leader is told with the time that it took and what was lost', () => {
  const words = drillWords(
    { changed: { to: c, ballot: 4 }, gapMs: 214, proposed: 31, decided: 31, lost: 0 },
    () => 'Ada',
  )
  expect(words).toContain('New leader in 0.2 s, 0 writes lost. Ada leads now, ballot 4')
})
