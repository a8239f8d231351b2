/** Which messages shall suffer what, as it was asked for. Pure. Does not know how a message is made to suffer. */
import type { ReplicaId } from '@unanimous/core'

/** Seen from this end: what comes, what leaves, or both. */
export type FaultDirection = 'in' | 'out' | 'both'

/** Everything that is wrong at the moment and was asked for. `peer` undefined: all of them, as far as one has no own. */
export type Fault =
  /** No message passes; neither end is told. */
  | { readonly type: 'cut'; readonly peer: ReplicaId; readonly direction: FaultDirection }
  /** Each message waits for a time between these two, and none overtakes another. */
  | {
      readonly type: 'delay'
      readonly peer: ReplicaId | undefined
      readonly direction: FaultDirection
      readonly ms: readonly [min: number, max: number]
    }
  /** This share of the messages is lost, comes twice, or comes after the one behind it. */
  | {
      readonly type: 'drop' | 'duplicate' | 'reorder'
      readonly peer: ReplicaId | undefined
      readonly direction: FaultDirection
      readonly share: number
    }
  /** No signaling server can be reached. */
  | { readonly type: 'signaling-stopped' }

/** What happens to the messages of one peer in one direction. */
export interface Track {
  readonly cut: boolean
  readonly delayMs: readonly [min: number, max: number]
  readonly drop: number
  readonly duplicate: number
  readonly reorder: number
}

/** The tracks of one peer, or of all; only what was asked for. */
interface Tracks {
  readonly in: Partial<Track>
  readonly out: Partial<Track>
}

/** By peer; undefined is everybody. */
export type FaultPlan = ReadonlyMap<ReplicaId | undefined, Tracks>

export const noFaults: FaultPlan = new Map()

const clearTrack: Track = { cut: false, delayMs: [0, 0], drop: 0, duplicate: 0, reorder: 0 }

/** What a peer has of its own goes before what everybody has. */
export function trackOf(plan: FaultPlan, peer: ReplicaId, direction: 'in' | 'out'): Track {
  return { ...clearTrack, ...plan.get(undefined)?.[direction], ...plan.get(peer)?.[direction] }
}

export interface Aim {
  readonly peer: ReplicaId | undefined
  readonly direction: FaultDirection
}

/** `part` replaces what was asked for before of the same kind; what amounts to nothing for everybody is forgotten. */
export function planWith(
  plan: FaultPlan,
  { peer, direction }: Aim,
  part: Partial<Track>,
): FaultPlan {
  const before = plan.get(peer) ?? { in: {}, out: {} }
  const next = {
    in: direction === 'out' ? before.in : merged(before.in, part, peer),
    out: direction === 'in' ? before.out : merged(before.out, part, peer),
  }
  const changed = new Map(plan)
  if (Object.keys(next.in).length + Object.keys(next.out).length === 0) changed.delete(peer)
  else changed.set(peer, next)
  return changed
}

function merged(
  before: Partial<Track>,
  part: Partial<Track>,
  peer: ReplicaId | undefined,
): Partial<Track> {
  const all = Object.entries({ ...before, ...part })
  // A peer's own "nothing" means something: that it is spared what everybody suffers.
  const kept = peer === undefined ? all.filter(([, value]) => amounts(value)) : all
  return Object.fromEntries(kept)
}

const amounts = (value: Track[keyof Track]): boolean =>
  typeof value === 'object' ? value[1] > 0 : Boolean(value)

/** Nothing is wrong with `peer` any more but what everybody suffers; with undefined, with nobody. */
export function planWithout(plan: FaultPlan, peer: ReplicaId | undefined): FaultPlan {
  if (peer === undefined) return noFaults
  const changed = new Map(plan)
  changed.delete(peer)
  return changed
}

/** In the order in which peers were first spoken of. */
export function faultsOf(plan: FaultPlan): readonly Fault[] {
  return [...plan].flatMap(([peer, tracks]) => [
    ...inBoth(tracks, 'cut').flatMap(({ direction, value }): Fault[] =>
      value && peer !== undefined ? [{ type: 'cut', peer, direction }] : [],
    ),
    ...inBoth(tracks, 'delayMs').map(({ direction, value: ms }): Fault => ({
      type: 'delay',
      peer,
      direction,
      ms,
    })),
    ...(['drop', 'duplicate', 'reorder'] as const).flatMap((type) =>
      inBoth(tracks, type).map(({ direction, value: share }): Fault => ({
        type,
        peer,
        direction,
        share,
      })),
    ),
  ])
}

interface Found<Value> {
  readonly direction: FaultDirection
  readonly value: Value
}

/** One, if both directions have the same. */
function inBoth<K extends keyof Track>(tracks: Tracks, key: K): readonly Found<Track[K]>[] {
  const incoming: Track[K] | undefined = tracks.in[key]
  const outgoing: Track[K] | undefined = tracks.out[key]
  const found: Found<Track[K]>[] = []
  const alike = String(incoming) === String(outgoing)
  if (incoming !== undefined) found.push({ direction: alike ? 'both' : 'in', value: incoming })
  if (outgoing !== undefined && !alike) found.push({ direction: 'out', value: outgoing })
  return found
}
