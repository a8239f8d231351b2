import { expect, test } from 'vitest'
import { replicaId } from '../protocol/ids.ts'
import { peerOf } from '../testing/beacons.ts'
import { leaderOf } from '../testing/leaders.ts'
import { a, b, c, d, e } from '../testing/stores.ts'
import { onJoin } from './joining.ts'

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
  step.replica.members.joiners.add(c)
  step.replica.peers.set(c, peerOf(c, { heard: [a], votes: [] }))
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
  expect([...members.joiners]).toEqual([b, c, d, e])
})
