/** The group as a ring, seen from this tab: who stands where, how each fares, which links there are. Pure; draws nothing. */
import type { GroupStatus } from 'unanimous'
import type { Names } from '../member-rows.ts'
import { lookOf } from '../names.ts'
import type { Look } from '../names.ts'

export interface Spot {
  readonly x: number
  readonly y: number
}

/** `silent`: its link is open and nothing comes: a frozen page, or a cut. `away`: a voter that is not here. */
export type Fare = 'well' | 'hidden' | 'silent' | 'arriving' | 'away'

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
  /** Of the longest log that is known. */
  readonly logEnd: number
}

export const ringBox: { readonly width: number; readonly height: number } = {
  width: 360,
  height: 316,
}

/** This tab at the bottom, the others clockwise from it. */
export function spotAt(place: number, count: number): Spot {
  const angle = Math.PI / 2 + (place / Math.max(1, count)) * 2 * Math.PI
  return {
    x: ringBox.width / 2 + 122 * Math.cos(angle),
    y: ringBox.height / 2 - 8 + 104 * Math.sin(angle),
  }
}

/** What a status does not say of a link. */
export interface LinkLore {
  /** Through whom frames to a tab went lately; none: straight. */
  readonly viaOf: (id: string) => readonly string[]
  /** This tab was told to lose what passes between the two. */
  readonly isCut: (id: string) => boolean
}

/** What the ring draws of a status. */
export type RingStatus = Pick<GroupStatus, 'members' | 'links' | 'quorum' | 'leader' | 'clock'>

export function ringOf(status: RingStatus, names: Names, lore: LinkLore): Ring {
  const { members, links, quorum } = status
  const here = new Set<string>(members.map(({ id }) => id))
  const away = quorum.voters.filter((id) => !here.has(id))
  const arriving = links.filter(({ peer }) => !here.has(peer) && !away.includes(peer))
  const isOpen = new Set<string>(
    links.filter(({ state }) => state === 'open').map(({ peer }) => peer),
  )
  const rest = { ballot: 0, logEnd: 0, decidedEnd: 0, isMe: false, isLeader: false }
  const all: readonly Omit<RingNode, 'spot' | 'look'>[] = [
    ...members.map((member) => ({
      id: member.id,
      isMe: member.isMe,
      isLeader: member.id === status.leader && member.reached,
      rung: member.rung,
      fare: fareOf(status, member, isOpen.has(member.id)),
      ballot: member.ballot.num,
      logEnd: member.logEnd,
      decidedEnd: member.decidedEnd,
    })),
    ...away.map((id) => ({ ...rest, id, rung: 'voter', fare: 'away' as const })),
    ...arriving.map(({ peer }) => ({
      ...rest,
      id: peer,
      rung: 'arriving',
      fare: 'arriving' as const,
    })),
  ]
  return {
    nodes: all.map((node, at) => ({
      ...node,
      look: lookOf(node.id, names[node.id]),
      spot: spotAt(at, all.length),
    })),
    links: all.filter(({ isMe }) => !isMe).map(({ id, fare }) => linkTo(id, fare, status, lore)),
    logEnd: Math.max(0, ...members.map(({ logEnd }) => logEnd)),
  }
}

function fareOf(
  { clock }: RingStatus,
  { isMe, rung, reached }: GroupStatus['members'][number],
  isOpen: boolean,
): Fare {
  if (isMe) return clock.hidden ? 'hidden' : 'well'
  if (!reached) return isOpen ? 'silent' : 'away'
  return rung === 'quiet voter' ? 'hidden' : 'well'
}

function linkTo(
  peer: string,
  fare: Fare,
  { links }: RingStatus,
  { viaOf, isCut }: LinkLore,
): RingLink {
  const via = viaOf(peer)
  const link = links.find((each) => each.peer === peer)
  const rttMs = link?.rttMs
  if (via.length > 0) return { peer, state: 'relayed', rttMs: undefined, via }
  if (isCut(peer)) return { peer, state: 'cut', rttMs: undefined, via }
  if (link === undefined) return { peer, state: 'none', rttMs, via }
  if (link.state !== 'open') return { peer, state: 'opening', rttMs: undefined, via }
  return { peer, state: fare === 'silent' ? 'silent' : 'open', rttMs, via }
}

const fareWords: Readonly<Record<Fare, string>> = {
  well: '',
  hidden: ', hidden',
  silent: ', silent: frozen, or cut off',
  arriving: '',
  away: ', away',
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
