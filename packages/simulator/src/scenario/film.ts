/**
 * A run as it can be drawn: every 100 ms how each participant looks, which links are up and which frames were on their way.
 * Whoever films sees and changes nothing: a run that is filmed is the run that is not. Knows no protocol.
 */
import type { Entry, ReplicaId } from '@unanimous/core/internal'
import type { Direction } from './scenario.ts'
import type { StoryLine } from './story.ts'

/** `asks`: it wants to lead and asks for votes or promises. */
export type Doing = 'leads' | 'asks' | 'follows' | 'closed' | 'frozen'

/** Neighbouring entries of one ballot or term. */
export interface Stretch {
  readonly from: number
  readonly end: number
  readonly ballot: number
}

/** One participant at one moment. */
export interface Glimpse {
  readonly name: string
  readonly doing: Doing
  readonly isHidden: boolean
  /** The ballot or term that it promised. */
  readonly ballot: number
  /** Whom it follows; undefined: nobody, or itself. */
  readonly follows: string | undefined
  /** Of its disk. */
  readonly logEnd: number
  readonly decidedEnd: number
  /** The last `tailMax` entries of its disk, oldest first. */
  readonly tail: readonly Stretch[]
}

/** One frame on one link, in milliseconds from time 0. */
export interface Parcel {
  readonly from: string
  readonly to: string
  /** As the protocol calls it. */
  readonly kind: string
  readonly sentMs: number
  readonly arrivesMs: number
  /** The link will not carry it, as things stood when it was sent. */
  readonly isLost: boolean
}

/** What happened in one window of 100 ms, and how things stand at its end. */
export interface Shot {
  readonly endMs: number
  readonly isCommitted: boolean
  readonly glimpses: readonly Glimpse[]
  /** The directions that are up; the same array until one changes. */
  readonly up: readonly Direction[]
  /** A sample: at most `parcelsMax`, elections before entries before everything that only says "I am here". */
  readonly parcels: readonly Parcel[]
  /** What was told in this window. */
  readonly story: readonly StoryLine[]
  readonly changes: number
  readonly handovers: number
  /** Entries that somebody knows to be decided. */
  readonly decided: number
}

export type Camera = (shot: Shot) => void

export const tailMax = 60
const parcelsMax = 14

/** Runs of entries with the same ballot, among the last ones. */
export function tailOf(entries: readonly Entry[]): readonly Stretch[] {
  const stretches: { from: number; end: number; ballot: number }[] = []
  for (let at = Math.max(0, entries.length - tailMax); at < entries.length; at += 1) {
    const ballot = entries[at]?.ballot.num ?? 0
    const last = stretches.at(-1)
    if (last?.ballot === ballot) last.end = at + 1
    else stretches.push({ from: at, end: at + 1, ballot })
  }
  return stretches
}

/** A frame as a network tells of it. */
export interface Passing {
  readonly from: ReplicaId
  readonly to: ReplicaId
  readonly kind: string
  /** Its sender only passes it on. */
  readonly isOnward: boolean
  readonly delayMs: number
  readonly isLost: boolean
}

const elections = new Set([
  ...[
    'prepare',
    'promised',
    'nack',
    'takeOver',
    'requestVote',
    'preVote',
    'vote',
    'promise',
    'acceptSync',
  ],
])
const idle = new Set([
  ...['beacon', 'gossip', 'heartbeat', 'heartbeatRequest', 'heartbeatReply', 'answered'],
])

const rankOf = ({ kind }: Parcel): number => (elections.has(kind) ? 0 : idle.has(kind) ? 2 : 1)

/** The most telling frames, one of each kind on each link before a second one; in the order of sending. */
export function sampleOf(parcels: readonly Parcel[]): readonly Parcel[] {
  if (parcels.length <= parcelsMax) return parcels
  const times = new Map<string, number>()
  const ranked = parcels.map((parcel, at) => {
    const key = `${parcel.from}>${parcel.to} ${parcel.kind}`
    const nth = times.get(key) ?? 0
    times.set(key, nth + 1)
    return { parcel, at, order: nth * 3 + rankOf(parcel) }
  })
  return ranked
    .sort((a, b) => a.order - b.order || a.at - b.at)
    .slice(0, parcelsMax)
    .sort((a, b) => a.at - b.at)
    .map(({ parcel }) => parcel)
}
