import type { GroupStatus, MemberId } from 'unanimous'
import { InsecureOrigin, TooManyTabs } from 'unanimous'
import { expect, test } from 'vitest'
import { factsOf, routeWords } from './facts.ts'
import { linkWords, memberRows } from './member-rows.ts'
import { bannersOf, failureBanner, pillOf, standingTitle } from './status-words.ts'

const ids = ['a', 'b', 'c'].map((digit) => digit.repeat(32) as MemberId)
const [ada, bob, cleo] = ids as [MemberId, MemberId, MemberId]
const ballot = { num: 4, node: ada }

const member = (id: MemberId): GroupStatus['members'][number] => ({
  id,
  isMe: id === ada,
  rung: id === ada ? 'leader' : 'voter',
  reached: true,
  ballot,
  logEnd: 9,
  decidedEnd: 8,
})

const link = (peer: MemberId): GroupStatus['links'][number] => ({
  peer,
  state: 'open',
  rttMs: 1.24,
  bufferedBytes: 0,
  generation: 1,
  route: undefined,
  refused: undefined,
})

const ready: GroupStatus = {
  phase: 'ready',
  rung: 'leader',
  group: undefined,
  epoch: 0,
  leader: ada,
  lagMs: 0,
  feeding: { path: [], fed: [] },
  ballot,
  commit: 8,
  logEnd: 9,
  quorum: { need: 2, have: 3, voters: ids },
  members: ids.map(member),
  links: [link(bob), link(cleo)],
  access: 'public room',
  rotations: 0,
  signaling: 'online',
  storage: { kind: 'indexeddb', durability: 'strict', healthy: true },
  clock: { hidden: false },
  bequest: { heir: undefined, mayClose: true, waitsFor: undefined },
  machine: { version: 1, carried: [1], runs: true, waitsFor: [] },
  ...{ removed: [], demoted: [] },
  conflict: undefined,
  outdated: false,
  why: undefined,
}
const why = '2 voters are needed to decide, 1 can be reached from here.'
const stranded: GroupStatus = {
  ...ready,
  phase: 'no-quorum',
  quorum: { ...ready.quorum, have: 1 },
  why,
}

const usual = {
  halted: undefined,
  isInvited: false,
  watches: false,
  isLate: false,
  isStranded: false,
}

test('[DM14] whoever is left without a majority for long may go on alone, and is told the price', () => {
  const [banner, ...others] = bannersOf(ready, { ...usual, isStranded: true })
  expect(others).toEqual([])
  expect(banner?.action).toEqual({ label: 'Go on from this tab', does: 'recover' })
  expect(banner?.text).toContain('lost')
})

test('the pill counts votes when all is well and says why when it is not', () => {
  expect(pillOf(ready)).toEqual({
    tone: 'good',
    label: 'Deciding',
    detail: '3 of 3 votes reached, 2 needed',
  })
  expect(pillOf(stranded)).toEqual({ tone: 'bad', label: 'No majority', detail: why })
  const electing = { ...ready, phase: 'no-quorum' } as const
  expect(pillOf(electing)).toMatchObject({ tone: 'busy', label: 'Changing leader' })
  const stopped = { ...ready, phase: 'stopped', why: 'Closed.' } as const
  expect(pillOf(stopped)).toEqual({ tone: 'bad', label: 'Stopped', detail: 'Closed.' })
})

test('[DM15] a tab that only watches says so, how old it may be, and who could let it in', () => {
  const observer = { ...ready, rung: 'observer', feeding: { path: [bob], fed: [] } } as const
  const detail = (lagMs: number): string => pillOf({ ...observer, lagMs }).detail
  expect(pillOf(observer)).toMatchObject({ tone: 'good', label: 'Watching' })
  expect([detail(840.4), detail(2_300)]).toEqual(['at most 840 ms behind', 'at most 2.3 s behind'])
  const unfed = { ...observer, feeding: { path: [], fed: [] }, why: 'Looking for a tab.' }
  expect(pillOf(unfed).detail).toBe('Looking for a tab.')
  expect(standingTitle(observer, false).line).toBe('You are watching')
  const joining = { ...observer, phase: 'joining' } as const
  const [banner] = bannersOf(joining, { ...usual, watches: true, isLate: true })
  expect(banner?.action?.does).toBe('plain-room')
})

test('a tab that is alone is told to open two more', () => {
  const alone = { ...ready, members: [member(ada)] }
  expect(standingTitle(alone, false).small).toContain('Open two more tabs')
  expect(standingTitle(ready, false).line).toBe('Pick a seat')
  expect(standingTitle(ready, true).line).toBe('Sold out')
  expect(standingTitle(stranded, false).tone).toBe('bad')
})

test('all is well: no banner', () => {
  expect(bannersOf(ready, { ...usual, isLate: true })).toEqual([])
})

test('a halted tab gives its reason and asks for a reload, once', () => {
  const status = {
    ...ready,
    phase: 'stopped',
    storage: { ...ready.storage, healthy: false },
  } as const
  const banners = bannersOf(status, { ...usual, halted: new Error('The disk is full.') })
  expect(banners.map(({ key }) => key)).toEqual(['halted'])
  expect(banners[0]?.text).toContain('The disk is full.')
  expect(banners[0]?.action?.does).toBe('reload')
})

test('whoever left is not told of a broken disk', () => {
  const left = {
    ...ready,
    phase: 'stopped',
    storage: { ...ready.storage, healthy: false },
  } as const
  expect(bannersOf(left, usual).map(({ key }) => key)).toEqual(['stopped'])
  expect(factsOf(left).some(({ isBad }) => isBad)).toBe(false)
})

test.each([
  ['online', true, true, 'Nobody of the group'],
  ['online', true, false, undefined],
  ['online', false, true, undefined],
  ['offline', false, true, 'The signaling server does not answer.'],
  ['connecting', true, true, 'The signaling server does not answer.'],
] as const)(
  'joining with signaling %s, invited: %s, late: %s, is told: %s',
  (signaling, isInvited, isLate, title) => {
    const joining = { ...ready, phase: 'joining', signaling } as const
    const [banner] = bannersOf(joining, { ...usual, isInvited, isLate })
    if (title === undefined) expect(banner).toBeUndefined()
    else expect(banner?.title).toContain(title)
  },
)

test('two groups in one room are both named, with what to do', () => {
  const conflict = { group: 'f'.repeat(64), founded: new Date(0), voters: 3, commit: 12 }
  const status = { ...ready, conflict } as unknown as GroupStatus
  const [banner] = bannersOf(status, usual)
  expect(banner?.text).toMatch(/3 voters and 12 decided entries/)
  expect(banner?.text).toContain('?room=')
})

test.each([
  [new InsecureOrigin(), '--lan', undefined],
  [new TooManyTabs(64), '64 tabs', 'reload'],
  [Object.assign(new Error('half'), { code: 'bad-invite' }), 'half', 'plain-room'],
  [Object.assign(new Error('other'), { code: 'other-group' }), 'other', 'plain-room'],
  [new Error('odd'), 'odd', 'reload'],
  ['just a text', 'just a text', 'reload'],
])('%s becomes a banner that says what to do', (error, part, does) => {
  const banner = failureBanner(error)
  expect(banner.text).toContain(part)
  expect(banner.action?.does).toBe(does)
})

test('each member is one row, with its link; a peer on its way in is one too', () => {
  const status = { ...ready, members: [member(ada), member(bob)] }
  const rows = memberRows(status, { [bob]: 'Bob' })
  expect(rows.map(({ id, rung, link: words }) => [id, rung, words])).toEqual([
    [ada, 'leader', 'this tab'],
    [bob, 'voter', '1.2 ms'],
    [cleo, 'arriving', '1.2 ms'],
  ])
  expect(rows[1]?.look.name).toBe('Bob')
  expect(rows.map((row) => row.ballot)).toEqual([4, 4, undefined])
  const newborn = { ...member(ada), ballot: { ...ballot, num: 0 } }
  expect(memberRows({ ...ready, members: [newborn] }, {})[0]?.ballot).toBeUndefined()
})

test.each([
  [undefined, true, 'no link'],
  [{ ...link(bob), state: 'waiting' }, false, 'lost, trying again'],
  [{ ...link(bob), state: 'waiting' }, true, 'through others'],
  [{ ...link(bob), state: 'opening' }, true, 'connecting'],
  [{ ...link(bob), rttMs: undefined }, true, 'open'],
  [{ ...link(bob), rttMs: 41.6 }, true, '42 ms'],
  [{ ...link(bob), bufferedBytes: 131_072 }, true, '1.2 ms, 128 KiB waiting'],
  [link(bob), false, 'open, but silent'],
  [{ ...link(bob), refused: 'another version' }, true, 'refused: another version'],
] as const)('the link %o, reached: %s, is "%s"', (info, reached, words) => {
  expect(linkWords(info, reached)).toBe(words)
})

test('[DM11] links are told apart by the way that they go', () => {
  const direct = { local: 'host', remote: 'host', relayed: false, protocol: 'udp' } as const
  const relayed = { local: 'relay', remote: 'srflx', relayed: true, protocol: 'udp' } as const
  const links = [direct, relayed, direct].map((route) => ({ ...link(bob), route }))
  expect(routeWords(links)).toBe('2 direct, udp (own address); 1 relayed, udp (TURN, seen by STUN)')
  expect(routeWords([{ ...link(bob), state: 'waiting' }])).toBe('none')
})
