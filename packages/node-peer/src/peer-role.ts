/** How much part a peer takes in its group: the words for it. Knows no group. */
import { BadOption } from 'unanimous'

/** How much part a peer may take. */
export const peerRoles = ['voter', 'standby', 'observer'] as const
/** One of them. */
export type PeerRole = (typeof peerRoles)[number]

const parts = { voter: 'member', standby: 'standby', observer: 'observer' } as const

/** The same in the words of `createGroup`. It may come from a program that nobody compiled: throws BadOption. */
export function partOfRole(role: PeerRole): (typeof parts)[PeerRole] {
  if (peerRoles.includes(role)) return parts[role]
  throw new BadOption(`A peer is ${peerRoles.join(', ')}, not "${role as string}".`)
}
