import { expect, test } from 'vitest'
import { onAccepted } from '../protocol/accept.ts'
import type { Index, ReplicaId } from '../protocol/ids.ts'
import { replicaId } from '../protocol/ids.ts'
import type { Accepted } from '../protocol/message.ts'
import { peerOf } from '../testing/beacons.ts'
import { leaderOf } from '../testing/leaders.ts'
import { a, b, c, d, e } from '../testing/stores.ts'
import { isSound } from '../membership/voters.ts'
import { onJoin, onLeaver } from './joining.ts'
import { contextOf } from './surroundings.ts'

const f = replicaId('f'.repeat(32))

test.each([
  { profile: '1', declined: [d], why: 'a tab waits for one to go' },
  { profile: '+one', declined: [], why: 'one that is always on gets a place of its own' },
])('[MS9] with all places of standbys taken, $why', ({ profile, declined }) => {
  const step = leaderOf([a, b, c])
  Object.assign(step.replica.options, {
    membership: { ...step.replica.options.membership, voters: 3, standbys: 1 },
  })
  for (const id of [b, d]) step.replica.peers.set(id, peerOf(id, { heard: [a], profile }))
  step.replica.members.joiners.add(e)
  step.replica.peers.set(e, peerOf(e, { heard: [a] }))
  onJoin(step, d)
  const refused = step.out.sendNow.filter(({ message }) => message.type === 'declined')
  expect(refused.map(({ to }) => to)).toEqual(declined)
  expect(step.replica.members.joiners.has(d)).toBe(declined.length === 0)
})

test.each([
  { configured: [a, b, c, d], declined: [], why: 'who has a seat is fed' },
  { configured: [a, b, c], declined: [d], why: 'a stranger observes' },
])(
  '[OB13] with all places taken, $why, though it casts no vote yet',
  ({ configured, declined }) => {
    const step = leaderOf(configured)
    const { options, peers, members } = step.replica
    Object.assign(options, { membership: { ...options.membership, voters: 3, standbys: 0 } })
    peers.set(d, peerOf(d, { heard: [a], votes: [] }))
    onJoin(step, d)
    const refused = step.out.sendNow.filter(({ message }) => message.type === 'declined')
    expect(refused.map(({ to }) => to)).toEqual(declined)
    expect(members.joiners.has(d)).toBe(declined.length === 0)
  },
)

test('[OB13] who waits for its heir’s word takes no place of one that could be given a vote', () => {
  const step = leaderOf([a, b, c])
  const { options, peers, members } = step.replica
  Object.assign(options, { membership: { ...options.membership, voters: 3, standbys: 1 } })
  peers.set(c, peerOf(c, { heard: [a], votes: [] }))
  // It casts none as long as it observes.
  peers.set(d, peerOf(d, { heard: [a], votes: [], part: 'observer' }))
  peers.set(e, peerOf(e, { heard: [a] }))
  for (const id of [c, d, e]) onJoin(step, id)
  expect([...members.joiners]).toEqual([c, d])
})

test('[SB3] who stands by takes no place of those who would vote', () => {
  const step = leaderOf([a])
  const { options, peers, members } = step.replica
  Object.assign(options, { membership: { ...options.membership, voters: 3, standbys: 1 } })
  peers.set(b, peerOf(b, { heard: [a], part: 'standby' }))
  peers.set(c, peerOf(c, { heard: [a], part: 'standby' }))
  for (const id of [d, e, f]) peers.set(id, peerOf(id, { heard: [a] }))
  for (const id of [b, c]) onJoin(step, id)
  expect([...members.joiners]).toEqual([b])
  // It was an observer when it asked: that it stands by was not to be seen.
  members.joiners.add(c)
  for (const id of [d, e, f]) onJoin(step, id)
  expect([...members.joiners]).toEqual([b, c, d, e, f])
})

test.each([
  { wish: 'out', why: 'who was taken out' },
  { wish: undefined, why: 'who is one standby too many' },
] as const)(
  '[OB16] $why is sent away only once the newest configuration is decided',
  ({ wish }) => {
    const step = leaderOf([a])
    const { options, peers, protocol } = step.replica
    const { role } = protocol
    if (role.phase !== 'leading') throw new Error('it leads')
    Object.assign(options, { membership: { ...options.membership, voters: 1, standbys: 0 } })
    const [configuration] = protocol.log.configurations
    Object.assign(configuration ?? {}, { wishes: wish === undefined ? [] : [{ store: b, wish }] })
    peers.set(b, peerOf(b, { heard: [a] }))
    const declined = (): number =>
      step.out.sendNow.filter(({ message }) => message.type === 'declined').length
    role.gate = 1 as Index
    onJoin(step, b)
    expect(declined()).toBe(0)
    role.gate = undefined
    onJoin(step, b)
    expect(declined()).toBe(1)
  },
)

test('[OB15] whose answers came after it was sent away is asked anew once it may come back', () => {
  const step = leaderOf([a])
  const { peers, members, protocol } = step.replica
  const { role } = protocol
  if (role.phase !== 'leading') throw new Error('it leads')
  peers.set(b, peerOf(b, { heard: [a], votes: [], part: 'observer' }))
  const late: Accepted = {
    ...{ type: 'accepted', ballot: role.ballot, votes: [], logEnd: 1 as Index },
    ...{ decidedEnd: 1 as Index },
  }
  onAccepted(contextOf(step), b, late)
  expect(role.progress.get(b)?.synced).toBe(true)
  onJoin(step, b)
  expect(members.joiners.has(b)).toBe(true)
  expect(role.progress.has(b)).toBe(false)
  expect(step.out.sendNow.map(({ to, message }) => [to, message.type])).toEqual([[b, 'prepare']])
})

test('[MV13] who lacks what the group runs takes no place of one that could be given a vote', () => {
  const step = leaderOf([a])
  const { options, peers, members, protocol } = step.replica
  Object.assign(options, { membership: { ...options.membership, voters: 1, standbys: 1 } })
  protocol.log.machines.push({ index: 0 as Index, version: 2 })
  const carries = (id: ReplicaId, machine: readonly number[]): void =>
    void peers.set(id, peerOf(id, { heard: [a], machine }))
  carries(b, [1])
  carries(c, [1])
  carries(d, [1, 2])
  carries(e, [1, 2])
  for (const id of [b, c, d, e]) onJoin(step, id)
  expect([...members.joiners]).toEqual([b, d])
})

test('[MS10] who asks to be let go is given no vote, though its beacon does not say yet that it goes', () => {
  const step = leaderOf([a])
  const peer = peerOf(d, { heard: [a] })
  step.replica.peers.set(d, peer)
  expect(isSound(peer)).toBe(true)
  onLeaver(step, d)
  expect(isSound(peer)).toBe(false)
  expect(step.replica.members.leavers.has(d)).toBe(true)
})
