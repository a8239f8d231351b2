/**
 * The group as it was at a moment of a trace, in the form in which a status tells of now: what the ring draws when somebody
 * scrubs back. Pure. A trace knows this tab's own log and whom it heard; of the others' logs it says nothing.
 */
import type { GroupStatus, MemberId } from 'unanimous'
import { watches } from '../ring/audience.ts'
import type { RingStatus } from '../ring/ring-view.ts'
import type { TraceEvent } from './trace-words.ts'

type Rung = GroupStatus['rung']

type Of<T extends TraceEvent['type']> = Extract<TraceEvent, { readonly type: T }>

/** A tab that was heard of within this counts as reached: hidden ones speak once a second. */
const heardMs = 2_500

export interface Past {
  /** What the ring needs of a status. */
  readonly status: RingStatus
  /** Through whom frames to a tab went, by its id; straight ones are missing. */
  readonly vias: ReadonlyMap<string, readonly string[]>
}

/** Whose trace it is, and what holds for what the trace never mentions: it began long ago and has not changed since. */
export interface Teller {
  readonly me: MemberId
  readonly now?: Pick<GroupStatus, 'leader' | 'quorum' | 'ballot' | 'rung'>
}

export function pastAt(events: readonly TraceEvent[], at: number, { me, now }: Teller): Past {
  const before = events.filter((event) => event.at <= at)
  const last = <T extends TraceEvent['type']>(type: T): Of<T> | undefined =>
    before.findLast((event): event is Of<T> => event.type === type)
  const near = before.filter((event) => event.at >= at - heardMs)
  const { heard, vias } = waysOf(near, me)
  const unchanged = (type: TraceEvent['type']): typeof now =>
    events.some((event) => event.type === type) ? undefined : now
  const leader = last('leader')?.leader ?? unchanged('leader')?.leader
  const voters = last('voters')?.voters.map(storeOf) ?? unchanged('voters')?.quorum.voters ?? []
  const ballot = last('promised')?.ballot ??
    last('leader')?.ballot ??
    unchanged('promised')?.ballot ?? { num: 0, node: me }
  const decidedEnd = last('decided')?.end ?? 0
  // Of those without a vote a trace says nothing more; this tab knows itself.
  const unvoted = (id: MemberId): Rung =>
    id === me && now !== undefined && watches(now.rung) ? now.rung : 'standby'
  const rungOf = (id: MemberId): Rung =>
    id === leader ? 'leader' : voters.includes(id) ? 'voter' : unvoted(id)
  const others = [...heard].filter((id) => id !== me).sort()
  const reached = [me, ...others]
  return {
    vias,
    status: {
      ...{ leader, feeding: { path: [], fed: [] } },
      clock: { hidden: last('visibility')?.hidden ?? false },
      quorum: {
        need: Math.floor(voters.length / 2) + 1,
        have: voters.filter((id) => reached.includes(id)).length,
        voters,
      },
      members: reached.map((id) => ({
        ...{ id, isMe: id === me, rung: rungOf(id), reached: true },
        ballot: id === me ? ballot : { num: 0, node: id },
        logEnd: id === me ? decidedEnd : 0,
        decidedEnd: id === me ? decidedEnd : 0,
      })),
      links: others
        .filter((peer) => !vias.has(peer))
        .map((peer) => ({
          ...{ peer, state: 'open', rttMs: undefined, route: undefined },
          ...{ bufferedBytes: 0, generation: 1, refused: undefined },
        })),
    },
  }
}

/** A vote bears the name of its store, and more if it is not its first one. */
const storeOf = (vote: string): MemberId => vote.slice(0, 32) as MemberId

/** Who was heard, and by which way last. */
function waysOf(
  events: readonly TraceEvent[],
  me: MemberId,
): { readonly heard: ReadonlySet<MemberId>; readonly vias: Past['vias'] } {
  const heard = new Set<MemberId>()
  const vias = new Map<string, readonly string[]>()
  for (const event of events) {
    if (event.type === 'link' && !event.up) heard.delete(event.peer)
    if (event.type !== 'received') continue
    const path = event.path ?? [event.peer, me]
    const from = path[0]
    if (from === undefined) continue
    heard.add(from)
    if (path.length > 2) vias.set(from, path.slice(1, -1))
    else vias.delete(from)
  }
  return { heard, vias }
}
