/**
 * Beacons that others tell of and that nothing vouches for here: they are passed on, since somebody farther on may be able
 * to tell whether they are true, but so seldom that lies cannot crowd out what is true. Knows names and moments.
 */
import type { Millis, ReplicaId } from '../protocol/ids.ts'
import { rumourMs, rumoursMax } from '../protocol/limits.ts'
import type { Gossip } from '../protocol/message.ts'

export interface Rumours {
  /** By who told of whom: when that was last passed on. */
  readonly toldAt: Map<string, Millis>
  /** The newest that were passed on, by whom they tell of and which word of it they are. */
  readonly passed: Set<string>
}

export const noRumours = (): Rumours => ({ toldAt: new Map(), passed: new Set() })

/** True: pass it on, and remember that. */
export function mayPass(
  { toldAt, passed }: Rumours,
  teller: ReplicaId,
  { origin, beacon }: Gossip,
  now: Millis,
): boolean {
  const word = `${origin} ${beacon.incarnation} ${beacon.seq}`
  const way = `${teller} ${origin}`
  const last = toldAt.get(way)
  if (passed.has(word) || (last !== undefined && now - last < rumourMs)) return false
  toldAt.delete(way)
  toldAt.set(way, now)
  passed.add(word)
  // Both keep the order in which they were filled: the first is the oldest.
  for (const each of toldAt.keys()) if (toldAt.size > rumoursMax) toldAt.delete(each)
  for (const each of passed) if (passed.size > rumoursMax) passed.delete(each)
  return true
}
