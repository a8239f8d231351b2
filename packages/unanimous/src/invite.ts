/**
 * Links that name a room and its group: `?room=` where a server may see it, `#group=` and `#secret=` where none does, and there
 * too what a member that is no page has to know: `#machine=` and `#signal=`.
 */
import type { GroupId } from '@unanimous/core'
import { isGroupId } from '@unanimous/core'
import { BadInvite } from './errors.ts'

/** What an invite says. */
export interface Invitation {
  readonly room: string
  readonly group: GroupId
  /** What the members share; undefined for a public room. */
  readonly secret: string | undefined
  /** The name of the machine, which is part of the room's name; undefined: the link is of an older version. */
  readonly machine: string | undefined
  /** The rendezvous servers of whoever made the link; the page knows its own. */
  readonly signal: readonly string[]
}

/** The page's own address with the room, the group and the secret put in; other parameters stay. */
export function inviteTo(page: string, invitation: Invitation): URL {
  const { room, group, secret, machine, signal } = invitation
  const url = new URL(page)
  url.searchParams.set('room', room)
  const fragment = new URLSearchParams(url.hash.slice(1))
  fragment.set('group', group)
  if (secret === undefined) fragment.delete('secret')
  else fragment.set('secret', secret)
  if (machine !== undefined) fragment.set('machine', machine)
  fragment.delete('signal')
  for (const server of signal) fragment.append('signal', server)
  url.hash = fragment.toString()
  return url
}

/** Throws `BadInvite` for a link that does not name a group. */
export function readInvite(link: string | URL): Invitation {
  let url: URL
  try {
    url = new URL(link)
  } catch (cause) {
    throw new BadInvite('it is not a web address', cause)
  }
  const room = url.searchParams.get('room')
  const fragment = new URLSearchParams(url.hash.slice(1))
  const group = fragment.get('group')
  if (room === null) throw new BadInvite('it names no room')
  if (!isGroupId(group)) throw new BadInvite('it names no group')
  const [secret, machine] = ['secret', 'machine'].map((name) => fragment.get(name) ?? undefined)
  return { room, group, secret, machine, signal: fragment.getAll('signal') }
}
