import { expect, test } from 'vitest'
import { append } from '../protocol/accept.ts'
import type { Index, ReplicaId } from '../protocol/ids.ts'
import { millis, ownVote, wallMillis } from '../protocol/ids.ts'
import { machineAwayMs, returnMs } from '../protocol/limits.ts'
import { newProgress } from '../protocol/sync.ts'
import { peersAround } from '../testing/beacons.ts'
import { a, b, c, groupOf, leading } from '../testing/stores.ts'
import { observeMembers } from './departures.ts'
import { machineInForce, nextMachine, runsMachine } from './machine-versions.ts'
import { noMembers } from './members.ts'
import { defaultPolicy } from './policy.ts'
import type { Surroundings } from './voters.ts'

const now = millis(0)

interface Scene {
  /** What the pages of the other voters carry; undefined: that one is not there. */
  readonly carried: readonly (readonly number[] | undefined)[]
  /** Decided already. */
  readonly inForce?: number
  readonly standbys?: Readonly<Record<ReplicaId, readonly number[]>>
}

/** `a` leads, and is in touch with whoever is there. */
function led({ carried, inForce, standbys = {} }: Scene): Surroundings {
  const others = [b, c].slice(0, carried.length)
  const group = groupOf([a, ...others])
  group.elect(a)
  const state = group.of(a)
  const role = leading(state)
  if (inForce !== undefined) {
    group.act(a, (context) => {
      const { ballot } = role
      const entry = { kind: 'machine', ballot, stamp: wallMillis(0), version: inForce } as const
      append(context, role, [entry])
    })
    state.decidedEnd = (state.decidedEnd + 1) as Index
  }
  const there = others.flatMap((id, at) => {
    const machine = carried[at]
    return machine === undefined ? [] : ([[id, { machine }]] as const)
  })
  const standing = Object.entries(standbys).map(([id, machine]) => [id, { machine }] as const)
  const peers = peersAround(a, Object.fromEntries([...there, ...standing]))
  const policy = { ...defaultPolicy, bequest: 'off' as const }
  const around = {
    state,
    role,
    peers,
    members: noMembers(),
    roundMs: 250,
    policy,
    profile: '',
    standsBy: false,
  }
  const surroundings = { ...around, now }
  observeMembers(surroundings)
  return surroundings
}

/** One digit a version. */
const versionsOf = (page: string): readonly number[] => Array.from(page, Number)

test.each<[string, number | undefined, readonly string[], number | undefined, string]>([
  ['12', 1, ['12', '12'], 2, 'all voters carry the next one'],
  ['12', 1, ['12', '1'], undefined, 'one page is of yesterday'],
  ['1', 1, ['12', '12'], undefined, 'the page of the leader is'],
  ['124', 1, ['124', '12'], 2, 'not beyond what all carry'],
  ['124', 1, ['124', '14'], 4, 'numbers may be left out'],
  ['12', 2, ['12', '12'], undefined, 'it is in force'],
  ['12', 1, ['', '12'], 2, 'who runs none holds up nobody'],
  ['12', 1, ['2', '12'], 2, 'nor who waits for the next one'],
  ['23', 2, ['1', '23'], 3, 'nor who cannot run what is in force'],
  ['', 1, ['12', '12'], 2, 'a leader without a machine knows it, too'],
  ['', 1, ['', ''], undefined, 'nobody runs anything'],
  ['3', 1, ['3', '3'], undefined, 'nobody could carry the state over'],
  ['12', undefined, ['12', '12'], 2, 'none is in force, as in a group of former times'],
])(
  '[MV2] a leader with %s, where %s is in force and others have %j, raises it to %s: %s',
  (ours, inForce, others, expected) => {
    const carried = others.map(versionsOf)
    const scene = inForce === undefined ? { carried } : { carried, inForce }
    expect(nextMachine(led(scene), versionsOf(ours))).toBe(expected)
  },
)

test('[MV2] standbys and observers hold up no version', () => {
  const surroundings = led({ inForce: 1, carried: [[1, 2]], standbys: { [c]: [1] } })
  expect(nextMachine(surroundings, [1, 2])).toBe(2)
})

test('[MV2] a voter that is out of touch is waited for, and not for ever', () => {
  const surroundings = led({ inForce: 1, carried: [[1, 2], undefined] })
  expect(nextMachine(surroundings, [1, 2])).toBeUndefined()
  const { members } = surroundings
  const vote = ownVote(c)
  members.downSince.set(vote, millis(-machineAwayMs + 1))
  expect(nextMachine(surroundings, [1, 2])).toBeUndefined()
  members.downSince.set(vote, millis(-machineAwayMs))
  expect(nextMachine(surroundings, [1, 2])).toBe(2)
  members.downSince.set(vote, now)
  members.closedSince.set(vote, millis(-returnMs))
  expect(nextMachine(surroundings, [1, 2])).toBe(2)
})

test('[MV2] one change at a time: nothing is raised while a version is not decided, or a gate is shut', () => {
  const surroundings = led({
    inForce: 1,
    carried: [
      [1, 2],
      [1, 2],
    ],
  })
  const { state, role } = surroundings
  role.gate = 1 as Index
  expect(nextMachine(surroundings, [1, 2])).toBeUndefined()
  role.gate = undefined
  state.decidedEnd = (state.decidedEnd - 1) as Index
  expect(nextMachine(surroundings, [1, 2])).toBeUndefined()
  expect(machineInForce(state)).toBeUndefined()
})

test('[MV7] a page that lacks what the group runs is given no vote', () => {
  const surroundings = led({ inForce: 2, carried: [], standbys: { [b]: [1], [c]: [1, 2] } })
  const { role, members, state } = surroundings
  for (const id of [b, c]) {
    role.progress.set(id, { ...newProgress(now, [ownVote(id)]), synced: true })
  }
  observeMembers(surroundings)
  expect([...members.readySince.keys()]).toEqual([c])
  expect([[], [1], [2], [1, 2]].map((versions) => runsMachine(state, versions))).toEqual([
    ...[true, false, true, true],
  ])
})
