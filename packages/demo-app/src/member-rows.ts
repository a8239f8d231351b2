/** Who is in the group, each with its link: two lists of the status, made one. Pure. */
import type { GroupStatus, LinkInfo, MemberInfo } from 'unanimous'
import { lookOf } from './names.ts'
import type { Look } from './names.ts'

export interface MemberRow {
  readonly id: string
  readonly look: Look
  readonly isMe: boolean
  readonly rung: string
  /** Undefined for a tab that is not in the group yet. */
  readonly ballot: number | undefined
  readonly decidedEnd: number
  readonly logEnd: number
  readonly link: string
  /** It can be heard and hears us. */
  readonly isReached: boolean
}

export type Names = Readonly<Record<string, string>>

/** This tab first, then the members by id, then those that are only on their way in. */
export function memberRows(status: GroupStatus, names: Names): readonly MemberRow[] {
  const links = new Map<string, LinkInfo>(status.links.map((link) => [link.peer, link]))
  const members = status.members.map((member) => rowOf(member, links.get(member.id), names))
  const known = new Set<string>(status.members.map(({ id }) => id))
  // Between members a link that is given up belongs to somebody who needs none to this tab, or is gone.
  const isIn = status.members.length > 1
  const strangers = status.links.filter(
    ({ peer, state, refused }) =>
      !known.has(peer) && !(isIn && state === 'waiting' && refused === undefined),
  )
  return [...members, ...strangers.map((link) => strangerOf(link, names))]
}

function rowOf(member: MemberInfo, link: LinkInfo | undefined, names: Names): MemberRow {
  const { id, isMe, rung, reached, ballot, decidedEnd, logEnd } = member
  return {
    id,
    look: lookOf(id, names[id]),
    isMe,
    rung,
    // Zero: it follows nobody yet.
    ballot: ballot.num === 0 ? undefined : ballot.num,
    decidedEnd,
    logEnd,
    link: isMe ? 'this tab' : linkWords(link, reached),
    isReached: reached,
  }
}

function strangerOf(link: LinkInfo, names: Names): MemberRow {
  return {
    id: link.peer,
    look: lookOf(link.peer, names[link.peer]),
    isMe: false,
    rung: 'arriving',
    ballot: undefined,
    decidedEnd: 0,
    logEnd: 0,
    link: linkWords(link, link.state === 'open'),
    isReached: false,
  }
}

export function linkWords(link: LinkInfo | undefined, reached: boolean): string {
  if (link === undefined) return 'no link'
  if (link.refused !== undefined) return `refused: ${link.refused}`
  switch (link.state) {
    case 'signaling':
      return 'calling'
    case 'opening':
      return 'connecting'
    case 'waiting':
      return reached ? 'through others' : 'lost, trying again'
    case 'open': {
      if (!reached) return 'open, but silent'
      const waiting =
        link.bufferedBytes > 65_536 ? `, ${Math.round(link.bufferedBytes / 1024)} KiB waiting` : ''
      return `${rttWords(link.rttMs)}${waiting}`
    }
  }
}

/** Tenths below 10 ms: between tabs of one machine they are all there is. */
function rttWords(rttMs: number | undefined): string {
  if (rttMs === undefined) return 'open'
  return `${rttMs < 10 ? rttMs.toFixed(1) : Math.round(rttMs)} ms`
}
