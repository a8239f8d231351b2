/** Whose budget a connection is charged to. Knows the spelling of addresses, not what is charged. */

import { isIP } from 'node:net'

/** The key of connections whose address is unknown; they share one budget. */
export const unknownAddress = 'unknown'

/**
 * An IPv4 address as it is, an IPv6 address as its /64 network: one household or one server has a whole /64, so
 * single IPv6 addresses are free for the taking. IPv4 written as IPv6 counts as IPv4.
 */
export function addressKey(raw: string | undefined): string {
  const address = (raw ?? '').split('%')[0] ?? ''
  const kind = isIP(address)
  if (kind === 4) return address
  if (kind !== 6) return unknownAddress
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  return dotted ?? `${network(address)}::/64`
}

/**
 * The address that the nearest proxy saw: the LAST entry, since all others are what the client claims. Only to be asked
 * when every connection comes through one proxy that appends to this header.
 */
export function forwardedAddress(
  header: string | readonly string[] | undefined,
): string | undefined {
  const text = typeof header === 'string' ? header : header?.at(-1)
  const last = text?.split(',').at(-1)?.trim()
  return last !== undefined && isIP(last) !== 0 ? last : undefined
}

/** The first four groups of a valid IPv6 address, written the same way whatever was left out of it. */
function network(address: string): string {
  const [head = '', tail] = address.split('::')
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  // A dotted end stands for two groups, which are never among the first four unless zeros come before them.
  const width = (list: readonly string[]): number =>
    list.length + (list.at(-1)?.includes('.') ? 1 : 0)
  const zeros = Math.max(0, 8 - width(left) - width(right))
  const all = [...left, ...Array.from({ length: zeros }, () => '0'), ...right]
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}

function groups(part: string): readonly string[] {
  return part === '' ? [] : part.split(':')
}
