/** Beacons as lists of what the packer knows, and back: by far the most frequent message. Knows no frames. */
import { machineVersionsMax, peersMax, profileLengthMax, tripClassMax } from '../protocol/limits.ts'
import type { Beacon } from '../protocol/message.ts'
import { Malformed } from './malformed.ts'
import type { Reader } from './reader.ts'
import { unpackVouch } from './vouch-codec.ts'

const phases = ['follower', 'preparing', 'leading'] as const
const parts = ['member', 'observer', 'client', 'standby'] as const

/** A ballot as two fields. */
export const two = ({ num, node }: { num: number; node: string }): [number, string] => [num, node]

export function packBeacon(beacon: Beacon): unknown[] {
  const { key, receivers, tags } = beacon.vouch
  return [...packWord(beacon), key, receivers, tags]
}

/** A beacon without what vouches for it. */
export function packWord(beacon: Beacon): unknown[] {
  return [
    ...[beacon.incarnation, beacon.seq, beacon.nextMs, beacon.heard, beacon.votes],
    ...[phases.indexOf(beacon.phase), ...two(beacon.ballot), ...two(beacon.followed)],
    ...[...two(beacon.highestSeen), beacon.happy, beacon.quorumConnected, beacon.quiet],
    ...[beacon.leaving, beacon.storageOk, beacon.wall, ...two(beacon.accepted)],
    ...[beacon.logEnd, beacon.decidedEnd, beacon.configIndex, beacon.profile],
    ...[beacon.fingerprint.end, beacon.fingerprint.hash, beacon.tripClass],
    ...[parts.indexOf(beacon.part), beacon.machine],
  ]
}

/** The fields are read in the order in which they stand here. */
export const unpackBeacon = (reader: Reader): Beacon => ({
  type: 'beacon',
  incarnation: reader.incarnation(),
  seq: reader.count(),
  nextMs: reader.count(60_000),
  heard: reader.replicas(peersMax),
  votes: reader.votes(),
  phase: reader.oneOf(phases),
  ballot: reader.ballot(),
  followed: reader.ballot(),
  highestSeen: reader.ballot(),
  happy: reader.flag(),
  quorumConnected: reader.flag(),
  quiet: reader.flag(),
  leaving: reader.flag(),
  storageOk: reader.flag(),
  wall: reader.wall(),
  accepted: reader.ballot(),
  logEnd: reader.index(),
  decidedEnd: reader.index(),
  configIndex: reader.index(),
  profile: reader.text(profileLengthMax),
  fingerprint: { end: reader.index(), hash: reader.hash() },
  tripClass: reader.count(tripClassMax),
  part: reader.oneOf(parts),
  machine: unpackVersions(reader.inner()),
  vouch: unpackVouch(reader),
})

function unpackVersions(reader: Reader): readonly number[] {
  if (reader.left > machineVersionsMax) throw new Malformed('too many versions')
  const versions: number[] = []
  while (reader.left > 0) {
    const version = reader.count()
    if (version <= (versions.at(-1) ?? 0)) throw new Malformed('versions are not sorted')
    versions.push(version)
  }
  return versions
}
