/**
 * What an algorithm looks like to the world around it, whichever it is: inputs in, effects out, in the order of the core's
 * own effects. Knows nothing of Raft or Omni-Paxos.
 */
import type {
  Ballot,
  Decided,
  Durable,
  Incarnation,
  Proposal,
  ReplicaId,
  StorageOp,
} from '@unanimous/core/internal'
import type { Rng } from '../rng.ts'

/** One start of one participant. */
export interface Setup {
  readonly self: ReplicaId
  readonly incarnation: Incarnation
  /** Who votes: the same for ever, sorted. A participant that is not among them only proposes. */
  readonly voters: readonly ReplicaId[]
  /** For election timeouts; part of the state. */
  readonly rng: Rng
  /** At the first start of a group: who stands at once, and who leaves that to another. Undefined: as chance has it. */
  readonly turn: 'first' | 'later' | undefined
}

export type Input<Message> =
  | { readonly type: 'tick' }
  | { readonly type: 'received'; readonly from: ReplicaId; readonly message: Message }
  /** From this one to itself: everything before it is durable now. */
  | { readonly type: 'durable'; readonly message: Message }
  | { readonly type: 'proposed'; readonly proposal: Proposal }
  /** All inputs that waited are in. */
  | { readonly type: 'flush' }

export interface Envelope<Message> {
  readonly to: ReplicaId
  readonly message: Message
}

/** An own proposal that is decided, and where. */
export interface Answer {
  readonly seq: number
  readonly index: number
}

/** In the order in which they happen: see the core's `Effects`. */
export interface Effects<Message> {
  readonly sendNow: Envelope<Message>[]
  readonly persist: StorageOp[]
  readonly send: Envelope<Message>[]
  readonly apply: Decided[]
  readonly answer: Answer[]
}

export const nothing = <Message>(): Effects<Message> => ({
  sendNow: [],
  persist: [],
  send: [],
  apply: [],
  answer: [],
})

/** One running start. `step` is the only way in; it mutates what it alone owns. `now` in milliseconds of any monotonic clock. */
export interface Machine<Message> {
  step(input: Input<Message>, now: number): Effects<Message>
  /** The leadership that it holds and can propose in; undefined: none. */
  leading(): Ballot | undefined
  /** Whom it follows as far as it knows. */
  follows(): ReplicaId | undefined
  /** For traces: "asks for votes, term 3"; undefined: nothing worth a word. */
  campaign(): string | undefined
  /** The first index that it does not know to be decided. */
  decidedEnd(): number
  /** The ballot or term that it has promised, in memory. */
  promised(): Ballot
}

/** What a disk holds, seen from outside. */
export interface Held {
  readonly promised: Ballot
  readonly accepted: Ballot
  readonly logEnd: number
}

export interface Algorithm<Message> {
  /** Timers of a visible page are looked at this often, in milliseconds. */
  readonly tickMs: number
  start(setup: Setup, durable: Durable, now: number): Machine<Message>
  /** Names what at most one participant may ever lead in. */
  leadership(ballot: Ballot): string
  /** What kind of message it is, for drawings. */
  kindOf(message: Message): string
  /** Why `message` must not leave a store whose disk is like this; undefined: it may. */
  whyNotDurable(message: Message, disk: Held): string | undefined
}
