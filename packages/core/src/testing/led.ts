/** What the leader of a group sees at one moment, as its membership judges it. Knows no network. */
import type { ReplicaId } from '../protocol/ids.ts'
import { millis, ownVote } from '../protocol/ids.ts'
import { noMembers } from '../membership/members.ts'
import type { MembershipPolicy } from '../membership/policy.ts'
import { defaultPolicy } from '../membership/policy.ts'
import type { Surroundings } from '../membership/voters.ts'
import type { Beacon } from '../protocol/message.ts'
import { newProgress } from '../protocol/sync.ts'
import { peersAround } from './beacons.ts'
import { a, groupOf, leading } from './stores.ts'

const now = millis(0)

export interface Scene {
  readonly voters: readonly ReplicaId[]
  readonly standbys?: readonly ReplicaId[]
  readonly target?: number
  readonly policy?: Partial<MembershipPolicy>
  /** What each other store's beacon says, if it is not calm; undefined: it is not there. */
  readonly beacons?: Readonly<Record<ReplicaId, Partial<Beacon> | undefined>>
}

/** `a` leads and has decided an entry of its own; all others are synced, and standbys have been for ever. */
export function led(scene: Scene): Surroundings {
  const { voters, standbys = [], target = 5, beacons = {} } = scene
  const group = groupOf(voters)
  group.elect(a)
  const state = group.of(a)
  const role = leading(state)
  const others = [...voters, ...standbys].filter((id) => id !== a)
  for (const id of others) {
    role.progress.set(id, { ...newProgress(now, [ownVote(id)]), synced: true })
  }
  const there = others.filter((id) => !(id in beacons) || beacons[id] !== undefined)
  const peers = peersAround(a, Object.fromEntries(there.map((id) => [id, beacons[id] ?? {}])))
  const members = noMembers()
  for (const id of standbys) members.readySince.set(id, millis(-1e6))
  const policy = { ...defaultPolicy, bequest: 'off' as const, voters: target, ...scene.policy }
  const calm = { now, roundMs: 250, profile: '', standsBy: false }
  return { state, role, peers, members, policy, ...calm }
}
