/** Puts together what the replica, the mesh and the page know into the one status that applications see. */
import type { ReplicaStatus, StoredSecret } from '@unanimous/core'
import type { LinkInfo as MeshLink, Refusal, Rendezvous } from '@unanimous/webrtc-transport'
import type { MemberId } from './machine.ts'
import type { GroupStatus, LinkInfo, MemberInfo, RoomConflict } from './status.ts'

export interface StatusParts {
  readonly replica: ReplicaStatus
  readonly rendezvous: Rendezvous
  /** By which this tab goes; empty: the room is public. */
  readonly secret: StoredSecret
  readonly links: readonly MeshLink[]
  readonly storageKind: string
  readonly storageHealthy: boolean
  /** Why this tab fell silent; undefined while it takes part. */
  readonly stopped: string | undefined
  readonly hidden: boolean
  readonly conflict: RoomConflict | undefined
  /** Why there is no group yet. */
  readonly joining: string
}

export function tabStatus(parts: StatusParts): GroupStatus {
  const { replica, stopped, conflict } = parts
  const members = membersOf(replica)
  const { machine } = replica
  const wireOutdated = parts.links.some(isNewer)
  const newer = !machine.runs && (machine.version ?? 0) > (machine.carried.at(-1) ?? 0)
  return {
    phase: stopped === undefined ? phases[replica.phase] : 'stopped',
    rung: replica.rung,
    group: replica.group,
    epoch: replica.epoch,
    leader: replica.leader,
    lagMs: replica.lagMs,
    feeding: replica.feeding,
    ballot: replica.ballot,
    commit: replica.decidedEnd,
    logEnd: replica.logEnd,
    quorum: {
      need: replica.votersNeeded,
      have: replica.votersReached,
      voters: replica.voters as readonly string[] as readonly MemberId[],
    },
    members,
    links: parts.links.map(linkInfo),
    access: parts.secret.secret === '' ? 'public room' : 'secret',
    rotations: parts.secret.number,
    signaling: signalingOf(parts),
    storage: {
      kind: parts.storageKind,
      durability: parts.storageKind === 'memory' ? 'none' : 'strict',
      healthy: parts.storageHealthy,
    },
    clock: { hidden: parts.hidden },
    bequest: {
      heir: replica.heir,
      mayClose: replica.mayClose,
      waitsFor: replica.waitsForHeir,
    },
    machine,
    removed: replica.shutOut,
    demoted: replica.demoted,
    conflict,
    outdated: wireOutdated || newer,
    why:
      stopped ??
      (wireOutdated ? olderHere : undefined) ??
      whyRefused(parts) ??
      whyLeftBehind(parts) ??
      (replica.phase === 'joining' ? parts.joining : replica.why),
  }
}

const signalingOf = ({ rendezvous, links }: StatusParts): GroupStatus['signaling'] =>
  rendezvous.state !== 'online' && links.some(({ state }) => state === 'open')
    ? 'mesh'
    : rendezvous.state

const phases = {
  joining: 'joining',
  catchingUp: 'catching-up',
  noLeader: 'no-quorum',
  ready: 'ready',
} as const satisfies Record<ReplicaStatus['phase'], GroupStatus['phase']>

function membersOf(replica: ReplicaStatus): readonly MemberInfo[] {
  const { self: id, rung, ballot, logEnd, decidedEnd } = replica
  const me: MemberInfo = { id, isMe: true, rung, reached: true, ballot, logEnd, decidedEnd }
  return [me, ...replica.peers.map((peer) => ({ ...peer, isMe: false }))]
}

const linkInfo = (link: MeshLink): LinkInfo => ({
  peer: link.peer,
  state: link.state,
  rttMs: link.rttMs,
  route: link.route,
  bufferedBytes: link.bufferedBytes,
  generation: link.generation,
  refused: link.refused === undefined ? undefined : refusalSentence(link.refused),
})

/** Why nobody lets this tab in, if that is so: whatever else is missing follows from it. */
function whyRefused({ links, replica }: StatusParts): string | undefined {
  const refusals = links.flatMap(({ refused }) => (refused === undefined ? [] : [refused]))
  // Those who were left behind may still have links with each other.
  const behind = refusals.find(({ code }) => code === 'secret')
  if (behind !== undefined && replica.phase !== 'ready') return refusalSentence(behind)
  const [refused] = refusals
  if (refused === undefined || links.some(({ state }) => state === 'open')) return undefined
  return refusalSentence(refused)
}

/** Whoever was taken out may still hear that the group goes by another secret now. */
const whyLeftBehind = ({ replica, secret }: StatusParts): string | undefined =>
  replica.rotations > secret.number && replica.shutOut.includes(replica.self)
    ? leftBehind
    : undefined

const leftBehind =
  'The group went over to another secret without this tab. Ask one of its members for a new invite.'
const olderHere = 'This tab runs an older version than another one in this room: reload it.'
const otherSecret =
  'It has another secret than this tab: the group may have gone over to a new one. Ask a member for a new invite.'
const olderThere = 'Another tab in this room runs an older version: reload that one.'

/** It speaks a later version than this tab, and told so itself. */
const isNewer = ({ refused }: MeshLink): boolean =>
  refused?.code === 'wire-version' && refused.by === 'us' && refused.ours < refused.theirs

function refusalSentence(refusal: Refusal): string {
  const sides = refusal.by === 'us' ? 'This tab refused it' : 'It refused this tab'
  switch (refusal.code) {
    case 'wire-version':
      if (refusal.by === 'peer') return 'The two run different versions. Reload the older one.'
      return refusal.ours < refusal.theirs ? olderHere : olderThere
    case 'identity':
      return `${sides}: it is not the tab that the room promised.`
    case 'secret':
      return refusal.by === 'peer' ? leftBehind : otherSecret
    case 'proof':
      return `${sides}: it cannot prove that it knows the secret and its own key.`
  }
}
