/**
 * The version of the application's machine at one replica: how a leader has the group go over to another one, and what there is to
 * say to people meanwhile. Knows which versions the page carries, not what they do.
 */
import { machineInForce, nextMachine, runsMachine } from '../membership/machine-versions.ts'
import type { Surroundings } from '../membership/voters.ts'
import { isReached } from '../overlay/failure-detector.ts'
import { sortedPeers } from '../overlay/peers.ts'
import { append, stampFor } from '../protocol/accept.ts'
import type { Millis, ReplicaId } from '../protocol/ids.ts'
import { newestConfiguration } from '../protocol/log.ts'
import type { Leading } from '../protocol/state.ts'
import type { ReplicaState } from './state.ts'
import type { Step } from './surroundings.ts'
import { contextOf } from './surroundings.ts'

/** How a replica sees the machine of the group. */
export interface MachineStatus {
  /** In force, as far as is decided here; undefined: none was decided on yet. */
  readonly version: number | undefined
  /** Those that this page carries, rising. Empty: it runs no machine. */
  readonly carried: readonly number[]
  /** This page carries the version in force, or runs none. */
  readonly runs: boolean
  /** Voters in touch whose pages do not carry the newest version of this page: until they are loaded anew the group stays as it is. */
  readonly waitsFor: readonly ReplicaId[]
}

export const carriedVersions = ({ options }: ReplicaState): readonly number[] =>
  options.machine ?? []

/** This store goes on storing and voting, and does not know what it means any more. */
export const lacksVersion = (replica: ReplicaState): boolean =>
  !runsMachine(replica.protocol, carriedVersions(replica))

/** At the leader, once a round: everybody is ready for a later version. */
export function raiseMachine(step: Step, role: Leading, surroundings: Surroundings): void {
  const version = nextMachine(surroundings, carriedVersions(step.replica))
  if (version === undefined) return
  const context = contextOf(step)
  const { ballot } = role
  append(context, role, [{ kind: 'machine', ballot, stamp: stampFor(context, role), version }])
}

/** A group begins with a version, before its first command: its founder is alone then and need ask nobody. */
export function beginMachine(step: Step, role: Leading, surroundings: () => Surroundings): void {
  const { protocol } = step.replica
  const { log, votes } = protocol
  if (log.machines.length > 0 || carriedVersions(step.replica).length === 0) return
  const alone = newestConfiguration(log)?.voters.every((vote) => votes.includes(vote))
  if (alone === true) raiseMachine(step, role, surroundings())
}

export function machineStatus(replica: ReplicaState, now: Millis): MachineStatus {
  const version = machineInForce(replica.protocol)
  const carried = carriedVersions(replica)
  const runs = !lacksVersion(replica)
  const waitsFor = runs && version !== undefined ? olderPages(replica, now) : []
  return { version, carried, runs, waitsFor }
}

function olderPages(replica: ReplicaState, now: Millis): readonly ReplicaId[] {
  const { protocol, peers } = replica
  const newest = carriedVersions(replica).at(-1) ?? 0
  const voters = newestConfiguration(protocol.log)?.voters ?? []
  if (newest <= (machineInForce(protocol) ?? 0)) return []
  return sortedPeers(peers)
    .filter((peer) => {
      const { beacon } = peer
      if (beacon === undefined || !isReached(peer, now) || beacon.machine.length === 0) return false
      const votes = beacon.votes.some((vote) => voters.includes(vote))
      return votes && runsMachine(protocol, beacon.machine) && !beacon.machine.includes(newest)
    })
    .map(({ id }) => id)
}

/** What a person can do so that this page runs what the group decides. */
export function whyLacking({ version = 0, carried, runs }: MachineStatus): string | undefined {
  if (runs) return undefined
  return version > (carried.at(-1) ?? 0)
    ? `The group has gone over to version ${version} of its machine, which this page does not know yet: reload it. Nothing is lost.`
    : `The group is at version ${version} of its machine, which this page does not carry any more: its maker has to add it to \`previous\`.`
}

/** Why a version that this page carries is not in force yet. */
export function whyOlder({ carried, waitsFor }: MachineStatus): string | undefined {
  const { length } = waitsFor
  if (length === 0) return undefined
  const pages = length === 1 ? 'another tab has' : `${length} other tabs have`
  return `The group goes over to version ${carried.at(-1) ?? 0} of its machine once ${pages} reloaded an older page.`
}
