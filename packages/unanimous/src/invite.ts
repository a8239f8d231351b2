/** Links that name a room and its group: `?room=` where the server may see it, `#group=` where only the page does. */
import type { GroupId } from '@unanimous/core'
import { isGroupId } from '@unanimous/core'
import { BadInvite } from './errors.ts'

export interface Invitation {
  readonly room: string
  readonly group: GroupId
}

/** The page's own address with the room and the group put in; other parameters stay. */
export function inviteTo(page: string, { room, group }: Invitation): URL {
  const url = new URL(page)
  url.searchParams.set('room', room)
  const fragment = new URLSearchParams(url.hash.slice(1))
  fragment.set('group', group)
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
  const group = new URLSearchParams(url.hash.slice(1)).get('group')
  if (room === null) throw new BadInvite('it names no room')
  if (!isGroupId(group)) throw new BadInvite('it names no group')
  return { room, group }
}
