import { expect, test } from 'vitest'
import type { Index, ReplicaId } from '../protocol/ids.ts'
import { millis } from '../protocol/ids.ts'
import type { Beacon } from '../protocol/message.ts'
import { leaderOf } from '../testing/leaders.ts'
import { a, b, c, d, e, leading } from '../testing/stores.ts'
import { refreshView } from './beacon.ts'
import { successorOf } from './succession.ts'

const voters = [a, b, c, d, e] as const

/** `a` leads five, and each hears what is said here, or everybody; `c` holds most. */
function successor(beacons: Readonly<Record<ReplicaId, Partial<Beacon> | 'silent'>>) {
  const step = leaderOf(voters)
  for (const [id, said] of Object.entries(beacons)) {
    const peer = step.replica.peers.get(id as ReplicaId)
    if (peer?.beacon === undefined) throw new Error('no peer')
    if (said === 'silent') peer.lastAt = millis(-60_000)
    else peer.beacon = { ...peer.beacon, ...said }
  }
  refreshView(step)
  const role = leading(step.replica.protocol)
  for (const [id, progress] of role.progress) progress.ackedEnd = (id === c ? 3 : 2) as Index
  return successorOf(step, role)
}

test.each([
  { beacons: {}, expected: c, why: 'who holds most' },
  { beacons: { [c]: { quiet: true } }, expected: b, why: 'but rather a visible one' },
  { beacons: { [c]: { storageOk: false } }, expected: b, why: 'or one with a sound disk' },
  {
    beacons: { [c]: { heard: [a, b, c, d] }, [d]: { heard: [a, b, d, e] }, [b]: { heard: [a, b] } },
    expected: d,
    why: 'or one that has more links, though it holds less',
  },
  { beacons: { [c]: 'silent' }, expected: b, why: 'only who is there' },
  { beacons: { [c]: { nextMs: 0 } }, expected: b, why: 'only who does not go, too' },
  {
    beacons: { [b]: 'silent', [d]: 'silent', [e]: 'silent', [c]: { leaving: true } },
    expected: c,
    why: 'a leaving one at last',
  },
  {
    beacons: { [b]: 'silent', [c]: 'silent', [d]: 'silent', [e]: 'silent' },
    expected: undefined,
    why: 'or nobody',
  },
] as const)('[ME6] the successor of a leader that goes: $why', ({ beacons, expected }) => {
  expect(successor(beacons)).toBe(expected)
})
