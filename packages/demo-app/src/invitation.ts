/** Which room and group the page's address names, and which address others should open. Pure. */

export const usualRoom = 'cinema-7'

export interface Place {
  readonly room: string
  /** Set when the address names a group: then only that one is joined. */
  readonly invite: string | undefined
  /** This tab only watches. */
  readonly watches: boolean
}

const watchParameter = 'watch'

/** The form is that of `group.invite`: `?room=` and `#group=`. */
export function placeOf(page: string): Place {
  const url = new URL(page)
  const asked = url.searchParams.get('room')?.trim() ?? ''
  const room = asked === '' ? usualRoom : asked
  const watches = url.searchParams.has(watchParameter)
  if (!new URLSearchParams(url.hash.slice(1)).has('group'))
    return { room, invite: undefined, watches }
  url.searchParams.set('room', room)
  return { room, invite: url.href, watches }
}

/** The same place, for a tab that takes part, or for one that only watches. */
export function linkFor(part: 'member' | 'watcher', link: string): string {
  const url = new URL(link)
  url.searchParams.delete(watchParameter)
  if (part === 'watcher') url.searchParams.set(watchParameter, '1')
  return url.href
}

/** A room beside this one that nobody is in yet. */
export function freshRoom(room: string): string {
  const [number = 0] = crypto.getRandomValues(new Uint16Array(1))
  return `${room.slice(0, 80)}-${number.toString(16).padStart(4, '0')}`
}

/** The same room without the group: whoever opens it takes the group that is there, or founds one. */
export function roomLink(page: string, room: string): string {
  const url = new URL(page)
  url.search = ''
  url.searchParams.set('room', room)
  url.hash = ''
  return url.href
}

export type PhoneLink =
  { readonly kind: 'link'; readonly href: string } | { readonly kind: 'none'; readonly why: string }

/** What a QR code may hold: an address that means this page on other machines too. */
export function phoneLink(invite: string, origins: readonly string[]): PhoneLink {
  const url = new URL(invite)
  const origin = isLoopback(url.hostname) ? origins[0] : url.origin
  if (origin === undefined) {
    const why = `No QR code: on a phone, ${url.hostname} means the phone itself. Start the demo with --lan to invite phones.`
    return { kind: 'none', why }
  }
  return { kind: 'link', href: `${origin}${url.pathname}${url.search}${url.hash}` }
}

export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  /^127(\.\d{1,3}){3}$/.test(hostname)
