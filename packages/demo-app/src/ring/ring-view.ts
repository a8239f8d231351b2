/** The group as a ring, seen from this tab: who stands where, how each fares, which links there are. Pure; draws nothing. */
import type { GroupStatus } from 'unanimous'
import type { Names } from '../member-rows.ts'
import { lookOf } from '../names.ts'
import type { Look } from '../names.ts'
import type { Audience, Feed } from './audience.ts'
import { audienceOf, watches } from './audience.ts'
import type { Spot } from './ring-places.ts'
import { heightWith, placesFor, rowSpotAt, spotAt } from './ring-places.ts'

/**
 * `silent`: its link is open and nothing comes: a frozen page, or a cut. `away`: a voter that is not here. `far`: a voter of whom this
 * tab, which only watches, has no word.
 */
export type Fare = 'well' | 'hidden' | 'silent' | 'arriving' | 'away' | 'far'

export interface RingNode {
  readonly id: string
  readonly look: Look
  readonly isMe: boolean
  readonly isLeader: boolean
  readonly rung: string
  readonly fare: Fare
  readonly ballot: number
  readonly logEnd: number
  readonly decidedEnd: number
  readonly spot: Spot
  /** Whoever watches stands right below. */
  readonly hasBelow: boolean
}

export interface RingLink {
  readonly peer: string
  /** `relayed`: frames go through others. `cut`: on purpose, by this tab. */
  readonly state: 'open' | 'cut' | 'silent' | 'opening' | 'relayed' | 'none'
  readonly rttMs: number | undefined
  /** Of the tabs that frames come by, without both ends. */
  readonly via: readonly string[]
}

export interface Ring {
  readonly nodes: readonly RingNode[]
  readonly links: readonly RingLink[]
  readonly feeds: readonly Feed[]
  /** Places of the ring that nobody has taken yet. */
  readonly vacant: readonly Spot[]
  /** No room for all names: in the ring, in the row of those who watch. */
  readonly isCrowded: boolean
  readonly isRowFull: boolean
  /** How many watch beyond those that are drawn, and where that is said. */
  readonly more: { readonly count: number; readonly spot: Spot } | undefined
  /** Of the longest log that is known. */
  readonly logEnd: number
  /** Of the whole drawing. */
  readonly height: number
}

/** What a status does not say of a link. */
export interface LinkLore {
  /** Through whom frames to a tab went lately; none: straight. */
  readonly viaOf: (id: string) => readonly string[]
  /** This tab was told to lose what passes between the two. */
  readonly isCut: (id: string) => boolean
}

/** What the ring draws of a status. */
export type RingStatus = Pick<
  GroupStatus,
  'members' | 'links' | 'quorum' | 'leader' | 'clock' | 'feeding'
>

/** More have no room for a strip and a name each. */
const [roomyRing, roomyRow] = [6, 4]

type Unplaced = Omit<RingNode, 'spot' | 'look' | 'hasBelow'>

export function ringOf(status: RingStatus, names: Names, lore: LinkLore): Ring {
  const all = everybody(status)
  const audience = audienceOf(status)
  const row = audience.drawn.flatMap((id) => all.find((node) => node.id === id) ?? strangerFed(id))
  const around = aroundFrom(
    all.filter(({ rung }) => !watches(rung)),
    audience,
  )
  const places = placesFor(around.length)
  const inRow = row.length + (audience.more > 0 ? 1 : 0)
  const named = (node: Unplaced, spot: Spot, hasBelow: boolean): RingNode => ({
    ...{ ...node, look: lookOf(node.id, names[node.id]), spot, hasBelow },
  })
  const nodes = [
    ...around.map((node, at) => named(node, spotAt(at, places), at === 0 && inRow > 0)),
    ...row.map((node, at) => named(node, rowSpotAt(at, inRow), false)),
  ]
  return {
    nodes,
    links: nodes.filter(({ isMe }) => !isMe).flatMap((node) => linkTo(node, status, lore) ?? []),
    feeds: audience.feeds.filter(({ from, to }) =>
      [from, to].every((id) => nodes.some((node) => node.id === id)),
    ),
    vacant: Array.from({ length: places - around.length }, (_, at) =>
      spotAt(around.length + at, places),
    ),
    more:
      audience.more > 0 ? { count: audience.more, spot: rowSpotAt(inRow - 1, inRow) } : undefined,
    isCrowded: around.length > roomyRing,
    isRowFull: inRow > roomyRow,
    logEnd: Math.max(0, ...status.members.map(({ logEnd }) => logEnd)),
    height: heightWith(inRow > 0),
  }
}

const rest = { ballot: 0, logEnd: 0, decidedEnd: 0, isMe: false, isLeader: false }

/** Members, voters that are away, and whoever is on its way in. */
function everybody(status: RingStatus): readonly Unplaced[] {
  const { members, links, quorum, leader } = status
  const here = new Set<string>(members.map(({ id }) => id))
  const away = quorum.voters.filter((id) => !here.has(id))
  // A link that is given up belongs to somebody who needs none to this tab, or is gone.
  const arriving = links.filter(
    ({ peer, state }) => state !== 'waiting' && !here.has(peer) && !away.includes(peer),
  )
  const isFar = isWatching(status)
  const isOpen = new Set<string>(
    links.filter(({ state }) => state === 'open').map(({ peer }) => peer),
  )
  return [
    ...members.map((member) => ({
      id: member.id,
      isMe: member.isMe,
      isLeader: member.id === leader && member.reached,
      rung: member.rung,
      fare: fareOf(status, member, isOpen.has(member.id)),
      ballot: member.ballot.num,
      logEnd: member.logEnd,
      decidedEnd: member.decidedEnd,
    })),
    ...away.map((id) => ({
      ...{ ...rest, id, rung: 'voter', isLeader: isFar && id === leader },
      fare: isFar ? ('far' as const) : ('away' as const),
    })),
    ...arriving.map(({ peer }) => ({
      ...{ ...rest, id: peer, rung: 'arriving', fare: 'arriving' as const },
    })),
  ]
}

/** It asked to be fed, and nothing else is known of it. */
const strangerFed = (id: string): Unplaced => ({ ...rest, id, rung: 'observer', fare: 'well' })

/** At the bottom is this tab, or who feeds it: then its arrow is a short one. */
function aroundFrom(nodes: readonly Unplaced[], { feeds }: Audience): readonly Unplaced[] {
  const isMeHere = nodes.some(({ isMe }) => isMe)
  const first = nodes.findIndex(({ id, isMe }) =>
    isMeHere ? isMe : feeds.some(({ from, to }) => from === id && isInRow(to, nodes)),
  )
  return first < 1 ? nodes : [...nodes.slice(first), ...nodes.slice(0, first)]
}

const isInRow = (id: string, around: readonly Unplaced[]): boolean =>
  !around.some((node) => node.id === id)

const isWatching = ({ members }: RingStatus): boolean =>
  members.some(({ isMe, rung }) => isMe && watches(rung))

function fareOf(
  status: RingStatus,
  { isMe, rung, reached }: GroupStatus['members'][number],
  isOpen: boolean,
): Fare {
  if (isMe) return status.clock.hidden ? 'hidden' : 'well'
  if (!reached) return isOpen ? 'silent' : isWatching(status) ? 'far' : 'away'
  return rung === 'quiet voter' ? 'hidden' : 'well'
}

/** Undefined where there is none and none is missing: whoever watches keeps few. */
function linkTo(
  { id: peer, rung, fare }: RingNode,
  status: RingStatus,
  { viaOf, isCut }: LinkLore,
): RingLink | undefined {
  const via = viaOf(peer)
  const link = status.links.find((each) => each.peer === peer)
  const rttMs = link?.rttMs
  if (via.length > 0) return { peer, state: 'relayed', rttMs: undefined, via }
  if (isCut(peer)) return { peer, state: 'cut', rttMs: undefined, via }
  const isOpen = link?.state === 'open'
  if (!isOpen && (watches(rung) || isWatching(status))) return undefined
  if (link === undefined) return { peer, state: 'none', rttMs, via }
  if (!isOpen) return { peer, state: 'opening', rttMs: undefined, via }
  return { peer, state: fare === 'silent' ? 'silent' : 'open', rttMs, via }
}

const fareWords: Readonly<Record<Fare, string>> = {
  well: '',
  hidden: ', hidden',
  silent: ', silent: frozen, or cut off',
  arriving: '',
  away: ', away',
  far: ', not linked to this tab',
}

export function nodeWords({
  look,
  isMe,
  rung,
  fare,
  ballot,
  logEnd,
  decidedEnd,
}: RingNode): string {
  const who = isMe ? `${look.name}, this tab` : look.name
  const log = ballot === 0 ? '' : `, ballot ${ballot}, ${decidedEnd} of ${logEnd} entries decided`
  return `${who}: ${rung}${fareWords[fare]}${log}`
}

/** Tenths below 10 ms: between tabs of one machine they are all there is. */
export const rttWords = (rttMs: number): string =>
  `${rttMs < 10 ? rttMs.toFixed(1) : Math.round(rttMs)} ms`
