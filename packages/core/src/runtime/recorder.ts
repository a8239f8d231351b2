/**
 * What a replica remembers and counts of its own life: the newest events in a ring, figures since the start. Looks at the
 * state after a step; changes nothing in it.
 */
import type { Clock } from '../ports/clock.ts'
import type { Ballot } from '../protocol/ballot.ts'
import { isZeroBallot, sameBallot, zeroBallot } from '../protocol/ballot.ts'
import type { GroupId, ReplicaId } from '../protocol/ids.ts'
import { newestConfiguration } from '../protocol/log.ts'
import type { Configuration } from '../protocol/log.ts'
import type { Message } from '../protocol/message.ts'
import type { Role } from '../protocol/state.ts'
import type { ReplicaState } from '../replica/state.ts'
import type { FrameCount, FrameFigures } from './news.ts'
import type { Observers } from './observers.ts'
import type { TraceEvent, TraceFact } from './trace-event.ts'

/** The newest events that are kept: about a minute of a busy tab, in less than a megabyte. */
export const traceEventsMax = 4096

/** What was last told of the state. */
interface Seen {
  readonly group: GroupId | undefined
  readonly promised: Ballot
  readonly phase: Role['phase']
  readonly followed: Ballot
  readonly decidedEnd: number
  readonly configuration: Configuration | undefined
  readonly hidden: boolean
}

const nothingSeen: Seen = {
  group: undefined,
  promised: zeroBallot,
  phase: 'follower',
  followed: zeroBallot,
  decidedEnd: 0,
  configuration: undefined,
  hidden: false,
}

export class Recorder {
  readonly #clock: Clock
  readonly #observers: Observers<TraceEvent>
  readonly #ring: TraceEvent[] = []
  readonly #kinds = new Map<Message['type'], { -readonly [K in keyof FrameCount]: number }>()
  #seq = 0
  #seen = nothingSeen
  #elections = 0
  #electionsWon = 0
  #leaders = 0

  constructor(clock: Clock, observers: Observers<TraceEvent>) {
    this.#clock = clock
    this.#observers = observers
  }

  /** The newest events, oldest first. */
  recent(count: number = traceEventsMax): readonly TraceEvent[] {
    const { length } = this.#ring
    // The ring is full when it has wrapped: its oldest event is the one that the next will replace.
    const begin = this.#seq > length ? this.#seq % length : 0
    const inOrder = [...this.#ring.slice(begin), ...this.#ring.slice(0, begin)]
    return inOrder.slice(Math.max(0, length - count))
  }

  subscribe(listener: (event: TraceEvent) => void): () => void {
    return this.#observers.subscribe(listener)
  }

  figures(): FrameFigures {
    const kinds = [...this.#kinds].sort(([a], [b]) => (a < b ? -1 : 1))
    const sum = (of: keyof FrameCount): number =>
      kinds.reduce((total, [, count]) => total + count[of], 0)
    return {
      framesSent: sum('sent'),
      framesReceived: sum('received'),
      bytesSent: sum('bytesSent'),
      bytesReceived: sum('bytesReceived'),
      kinds: Object.fromEntries(kinds.map(([kind, count]) => [kind, { ...count }])),
      elections: this.#elections,
      electionsWon: this.#electionsWon,
      leaders: this.#leaders,
    }
  }

  sent(peer: ReplicaId, message: Message, bytes: number, taken: boolean): void {
    const frame = frameOf(peer, message, bytes)
    if (taken) {
      const count = this.#countOf(frame.kind)
      count.sent += 1
      count.bytesSent += bytes
    }
    this.note({ type: 'sent', ...frame, ...(taken ? {} : { dropped: true }) })
  }

  received(peer: ReplicaId, message: Message, bytes: number): void {
    const frame = frameOf(peer, message, bytes)
    const count = this.#countOf(frame.kind)
    count.received += 1
    count.bytesReceived += bytes
    this.note({ type: 'received', ...frame })
  }

  /** A step is over: tells what it changed. */
  look({ group, protocol, view, hidden }: ReplicaState): void {
    const last = this.#seen
    const { promised, role, decidedEnd, log } = protocol
    const { followed } = view
    const configuration = newestConfiguration(log)
    this.#seen = {
      ...{ group: group?.id, promised, phase: role.phase, followed },
      ...{ decidedEnd, configuration, hidden },
    }
    if (group !== undefined && group.id !== last.group) {
      this.note({ type: 'joined', group: group.id })
    }
    if (!sameBallot(promised, last.promised)) this.note({ type: 'promised', ballot: promised })
    if (role.phase !== last.phase) this.#tellRole(role, promised)
    if (!sameBallot(followed, last.followed)) this.#tellLeader(followed)
    if (configuration !== undefined && configuration !== last.configuration) {
      this.note({ type: 'voters', voters: configuration.voters })
    }
    if (decidedEnd !== last.decidedEnd) this.note({ type: 'decided', end: decidedEnd })
    if (hidden !== last.hidden) this.note({ type: 'visibility', hidden })
  }

  note(fact: TraceFact): void {
    const event: TraceEvent = { seq: this.#seq, at: this.#clock.wall(), ...fact }
    this.#ring[this.#seq % traceEventsMax] = event
    this.#seq += 1
    this.#observers.publish(event)
  }

  #tellRole(role: Role, promised: Ballot): void {
    if (role.phase === 'preparing') this.#elections += 1
    if (role.phase === 'leading') this.#electionsWon += 1
    const ballot = role.phase === 'follower' ? promised : role.ballot
    this.note({ type: 'role', phase: role.phase, ballot })
  }

  #tellLeader(ballot: Ballot): void {
    const leader = isZeroBallot(ballot) ? undefined : ballot.node
    if (leader !== undefined) this.#leaders += 1
    this.note({ type: 'leader', leader, ballot })
  }

  #countOf(kind: Message['type']): { -readonly [K in keyof FrameCount]: number } {
    const count = this.#kinds.get(kind) ?? {
      sent: 0,
      received: 0,
      bytesSent: 0,
      bytesReceived: 0,
    }
    this.#kinds.set(kind, count)
    return count
  }
}

const frameOf = (peer: ReplicaId, message: Message, bytes: number) =>
  message.type === 'relayed'
    ? { peer, kind: message.message.type, bytes, path: message.path }
    : { peer, kind: message.type, bytes }
