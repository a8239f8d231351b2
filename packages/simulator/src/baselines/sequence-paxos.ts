/**
 * Sequence Paxos (Omni-Paxos, EuroSys 2023): one Prepare a leader over the whole log, AcceptSync, then
 * Accepts in order. What the paper leaves to reliable sessions is repeated here once a round. Knows no elections.
 */
import type {
  Ballot,
  Entry,
  Incarnation,
  Index,
  Proposal,
  ReplicaId,
} from '@unanimous/core/internal'
import { compareBallots, outOfSession, sameBallot } from '@unanimous/core/internal'
import type { WallMillis } from '@unanimous/core/internal'
import { demand } from '../violation.ts'
import type { Applied } from './applied.ts'
import { applyUpTo } from './applied.ts'
import type { Effects } from './machine.ts'
import type { Accept, Accepted, AcceptSync, OmniMessage, Prepare, Promise } from './omni-message.ts'
import type { Outbox } from './outbox.ts'
import { keyOf } from './outbox.ts'

const batchEntriesMax = 4096
const noStamp = 0 as WallMillis

/** What a leader knows of one server that accepted in its ballot. */
interface Feed {
  acceptedEnd: number
  sentEnd: number
  told: number
  /** Acknowledged more since the last round. */
  progressed: boolean
}

export type SequenceRole =
  | { readonly name: 'follower' }
  | {
      readonly name: 'preparing'
      readonly ballot: Ballot
      readonly promises: Map<ReplicaId, Promise>
      /** What the own log was when Prepare was sent. */
      readonly prepare: Prepare
    }
  | {
      readonly name: 'leading'
      readonly ballot: Ballot
      readonly adopted: { readonly accepted: Ballot; readonly end: number }
      readonly feeds: Map<ReplicaId, Feed>
      /** What its own disk holds. */
      acceptedEnd: number
    }

type Leading = Extract<SequenceRole, { readonly name: 'leading' }>
type Preparing = Extract<SequenceRole, { readonly name: 'preparing' }>

/** Mutable; owned by the one transition. */
export interface SequenceState {
  readonly self: ReplicaId
  readonly incarnation: Incarnation
  readonly voters: readonly ReplicaId[]
  readonly outbox: Outbox
  readonly applied: Applied
  readonly logged: Map<string, number>
  readonly log: Entry[]
  promised: Ballot
  accepted: Ballot
  decidedEnd: number
  role: SequenceRole
}

export interface SequenceStep {
  readonly state: SequenceState
  readonly out: Effects<OmniMessage>
}

const others = ({ voters, self }: SequenceState): readonly ReplicaId[] =>
  voters.filter((id) => id !== self)

const isMajority = (count: number, { voters }: SequenceState): boolean => count > voters.length / 2

/** The election named a leader. */
export function onElected(step: SequenceStep, ballot: Ballot): void {
  const { state, out } = step
  if (ballot.node !== state.self || compareBallots(ballot, state.promised) <= 0) {
    if (state.role.name !== 'follower' && compareBallots(ballot, state.role.ballot) > 0) {
      state.role = { name: 'follower' }
    }
    return
  }
  state.promised = ballot
  out.persist.push({ type: 'promise', ballot })
  const { accepted, decidedEnd, log } = state
  const prepare: Prepare = { type: 'prepare', ballot, accepted, logEnd: log.length, decidedEnd }
  state.role = { name: 'preparing', ballot, promises: new Map(), prepare }
  out.send.push({ to: state.self, message: promiseFor(state, prepare) })
  for (const to of others(state)) out.send.push({ to, message: prepare })
}

/** With all that a leader with such a log may lack. */
function promiseFor(state: SequenceState, prepare: Prepare): Promise {
  const { accepted, decidedEnd, log } = state
  const order = compareBallots(accepted, prepare.accepted)
  const suffixFrom =
    order > 0 ? prepare.decidedEnd : Math.min(log.length, order === 0 ? prepare.logEnd : log.length)
  return {
    type: 'promise',
    ballot: prepare.ballot,
    accepted,
    logEnd: log.length,
    decidedEnd,
    suffixFrom,
    suffix: log.slice(suffixFrom),
  }
}

export function onPrepare(step: SequenceStep, from: ReplicaId, message: Prepare): void {
  const { state, out } = step
  const order = compareBallots(message.ballot, state.promised)
  if (order < 0) return
  if (order > 0) {
    state.promised = message.ballot
    state.role = { name: 'follower' }
    out.persist.push({ type: 'promise', ballot: message.ballot })
  }
  if (sameBallot(state.accepted, message.ballot)) return acknowledge(step, from, false)
  out.send.push({ to: from, message: promiseFor(state, message) })
}

export function onPromise(step: SequenceStep, from: ReplicaId, message: Promise): void {
  const { state } = step
  const { role } = state
  if (role.name === 'follower' || !sameBallot(role.ballot, message.ballot)) return
  if (role.name === 'leading') {
    if (from !== state.self) synchronise(step, role, from, message)
    return
  }
  role.promises.set(from, message)
  // Its own counts only once it is durable, and nothing is adopted before.
  if (role.promises.has(state.self) && isMajority(role.promises.size, state)) adopt(step, role)
}

/** The longest log of the highest ballot is the new leader's; every other promiser is brought to it. */
function adopt(step: SequenceStep, role: Preparing): void {
  const { state, out } = step
  const best = [...role.promises.entries()].reduce((a, b) =>
    (compareBallots(b[1].accepted, a[1].accepted) || b[1].logEnd - a[1].logEnd) > 0 ? b : a,
  )
  const [source, report] = best
  const larger =
    source !== state.self &&
    (compareBallots(report.accepted, state.accepted) || report.logEnd - state.log.length) > 0
  const from = larger ? report.suffixFrom : state.log.length
  const tail = larger ? report.suffix : []
  demand(from >= state.decidedEnd, 'decided', () => `${from} cuts off what is decided`)
  cut(state, from)
  extend(state, tail)
  const adopted = {
    accepted: larger ? report.accepted : state.accepted,
    end: state.log.length,
  }
  state.accepted = role.ballot
  const leading: Leading = {
    name: 'leading',
    ballot: role.ballot,
    adopted,
    feeds: new Map(),
    acceptedEnd: 0,
  }
  state.role = leading
  out.persist.push(splice(state, from, tail))
  acknowledge(step, state.self, false)
  for (const [peer, promise] of role.promises) {
    if (peer !== state.self) synchronise(step, leading, peer, promise)
  }
}

const splice = (
  { accepted, decidedEnd }: SequenceState,
  from: number,
  entries: readonly Entry[],
): Effects<OmniMessage>['persist'][number] => ({
  type: 'splice',
  from: from as Index,
  entries,
  accepted,
  decidedEnd: decidedEnd as Index,
})

function cut(state: SequenceState, from: number): void {
  for (const removed of state.log.slice(from)) {
    if (removed.kind === 'command') state.logged.delete(keyOf(removed))
  }
  state.log.length = from
}

function extend(state: SequenceState, entries: readonly Entry[]): void {
  for (const entry of entries) {
    if (entry.kind === 'command') state.logged.set(keyOf(entry), state.log.length)
    state.log.push(entry)
  }
}

/** Where the promiser's log stops being the adopted one, and what comes after. */
function synchronise(step: SequenceStep, role: Leading, to: ReplicaId, promise: Promise): void {
  const { state, out } = step
  const from = sameBallot(promise.accepted, role.adopted.accepted)
    ? Math.min(promise.logEnd, role.adopted.end)
    : promise.decidedEnd
  out.sendNow.push({
    to,
    message: {
      type: 'acceptSync',
      ballot: role.ballot,
      from,
      entries: state.log.slice(from),
      decidedEnd: state.decidedEnd,
    },
  })
}

export function onAcceptSync(step: SequenceStep, from: ReplicaId, message: AcceptSync): void {
  const { state, out } = step
  if (!sameBallot(state.promised, message.ballot)) return
  if (sameBallot(state.accepted, message.ballot)) return acknowledge(step, from, false)
  if (message.from > state.log.length) return
  const begin = Math.max(message.from, state.decidedEnd)
  const entries = message.entries.slice(begin - message.from)
  cut(state, begin)
  extend(state, entries)
  state.accepted = message.ballot
  out.persist.push(splice(state, begin, entries))
  raise(step, message.decidedEnd)
  acknowledge(step, from, false)
}

export function onAccept(step: SequenceStep, from: ReplicaId, message: Accept): void {
  const { state, out } = step
  if (!sameBallot(state.promised, message.ballot)) return
  // Its AcceptSync was lost: the next round's Prepare brings another one.
  if (!sameBallot(state.accepted, message.ballot)) return
  if (message.from > state.log.length) return acknowledge(step, from, true)
  const begin = state.log.length
  const entries = message.entries.slice(begin - message.from)
  if (entries.length > 0) {
    extend(state, entries)
    out.persist.push(splice(state, begin, entries))
  }
  raise(step, message.decidedEnd)
  acknowledge(step, from, false)
}

function acknowledge({ state, out }: SequenceStep, to: ReplicaId, gap: boolean): void {
  const message: Accepted = {
    type: 'accepted',
    ballot: state.accepted,
    logEnd: state.log.length,
    gap,
  }
  out.send.push({ to, message })
}

export function onAccepted(step: SequenceStep, from: ReplicaId, message: Accepted): void {
  const { state } = step
  const { role } = state
  if (role.name !== 'leading' || !sameBallot(role.ballot, message.ballot)) return
  if (from === state.self) {
    role.acceptedEnd = Math.max(role.acceptedEnd, message.logEnd)
  } else {
    const feed = role.feeds.get(from) ?? { acceptedEnd: 0, sentEnd: 0, told: 0, progressed: true }
    role.feeds.set(from, feed)
    if (message.logEnd > feed.acceptedEnd) feed.progressed = true
    feed.acceptedEnd = Math.max(feed.acceptedEnd, message.logEnd)
    feed.sentEnd = message.gap ? feed.acceptedEnd : Math.max(feed.sentEnd, feed.acceptedEnd)
  }
  const ends = [role.acceptedEnd, ...[...role.feeds.values()].map((feed) => feed.acceptedEnd)]
  const end = ends.sort((a, b) => b - a)[Math.floor(state.voters.length / 2)] ?? 0
  raise(step, end)
}

/** Decided as far as the log here reaches. */
function raise({ state, out }: SequenceStep, end: number): void {
  const within = Math.min(end, state.log.length)
  if (within <= state.decidedEnd) return
  state.decidedEnd = within
  applyUpTo(state, state.log, within, out)
}

/** At the leader: those that are not in its log already. */
export function appendProposals(step: SequenceStep, proposals: readonly Proposal[]): void {
  const { state, out } = step
  const { role } = state
  if (role.name !== 'leading') return
  const fresh = proposals
    .filter((proposal) => !state.logged.has(keyOf(proposal)))
    .map((proposal): Entry => ({
      kind: 'command',
      ballot: role.ballot,
      stamp: noStamp,
      ...outOfSession,
      ...proposal,
    }))
  if (fresh.length === 0) return
  const from = state.log.length
  extend(state, fresh)
  out.persist.push(splice(state, from, fresh))
  acknowledge(step, state.self, false)
}

/** All inputs are in: what is new goes to everybody in step. */
export function replicate({ state, out }: SequenceStep): void {
  const { role, log, decidedEnd } = state
  if (role.name !== 'leading') return
  for (const [to, feed] of role.feeds) {
    if (feed.sentEnd >= log.length && feed.told >= decidedEnd) continue
    const entries = log.slice(feed.sentEnd, feed.sentEnd + batchEntriesMax)
    const { ballot } = role
    const from = feed.sentEnd
    out.sendNow.push({ to, message: { type: 'accept', ballot, from, entries, decidedEnd } })
    feed.sentEnd += entries.length
    feed.told = decidedEnd
  }
}

/** Once a round: what the links may have lost goes out again. */
export function repeat(step: SequenceStep): void {
  const { state, out } = step
  const { role } = state
  if (role.name === 'follower') return
  const missing = others(state).filter((id) =>
    role.name === 'preparing' ? !role.promises.has(id) : !role.feeds.has(id),
  )
  const { accepted, decidedEnd, log } = state
  const own: Prepare = {
    type: 'prepare',
    ballot: role.ballot,
    accepted,
    logEnd: log.length,
    decidedEnd,
  }
  const message = role.name === 'preparing' ? role.prepare : own
  for (const to of missing) out.send.push({ to, message })
  if (role.name === 'preparing') return
  for (const feed of role.feeds.values()) {
    if (!feed.progressed && feed.acceptedEnd < feed.sentEnd) feed.sentEnd = feed.acceptedEnd
    feed.progressed = false
  }
}
