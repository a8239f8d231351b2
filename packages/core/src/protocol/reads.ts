/**
 * Reads that see all that was decided before they began (protocol.md section 6): a store asks its leader how far that is, and
 * the leader asks a majority whether it still leads, once for all that wait. No leases: a page may sleep at any moment, and
 * its clock with it.
 */
import type { Ballot } from './ballot.ts'
import { compareBallots, isZeroBallot, sameBallot } from './ballot.ts'
import { decidedConfiguration } from './configuration.ts'
import type { Index, ReplicaId, VoteId } from './ids.ts'
import { askersMax, readAgainMs } from './limits.ts'
import { logEnd, stampBefore } from './log.ts'
import type { Message, ReadAck, ReadIndex, ReadIndexReply, ReadProbe } from './message.ts'
import { isMajority } from './quorum.ts'
import type { Asker, LeaderReads, Round } from './read-state.ts'
import type { Context, Leading, ProtocolState } from './state.ts'
import { ignore } from './state.ts'

export type ReadMessage = ReadProbe | ReadAck | ReadIndex | ReadIndexReply

export const isAboutReads = (message: Message): message is ReadMessage =>
  message.type.startsWith('read')

export function onReadMessage(context: Context, from: ReplicaId, message: ReadMessage): void {
  switch (message.type) {
    case 'readProbe':
      return onReadProbe(context, from, message)
    case 'readAck':
      return onReadAck(context, from, message)
    case 'readIndex':
      return onReadIndex(context, from, message)
    case 'readIndexReply':
      return onReadIndexReply(context, from, message)
  }
}

/** How old the state may be that a read is answered from. */
export type Freshness =
  /** It holds all that was decided before the read began. */
  | 'linearizable'
  /** It holds all that this store had applied before its last start. */
  | 'session'

export function beginRead({ state }: Context, id: number, freshness: Freshness): void {
  const { reads } = state
  if (freshness === 'session') reads.rejoining.push(id)
  else reads.fresh.push(id)
}

/** Nobody waits for this read any more. */
export function endRead({ state }: Context, id: number): void {
  const { reads } = state
  const others = (ids: readonly number[]): number[] => ids.filter((each) => each !== id)
  reads.fresh = others(reads.fresh)
  reads.rejoining = others(reads.rejoining)
  reads.due = reads.due
    .map(({ index, reads: ids }) => ({ index, reads: others(ids) }))
    .filter(({ reads: ids }) => ids.length > 0)
  for (const [number, question] of reads.open) {
    const left = others(question.reads)
    if (left.length === 0 && question.askers.length === 0) reads.open.delete(number)
    else if (left.length < question.reads.length)
      reads.open.set(number, { ...question, reads: left })
  }
}

/** Asks `leader` what it was not asked yet, and once more what was not answered in time. */
export function askForReads(context: Context, leader: Ballot): void {
  const { state, now } = context
  const { reads, self } = state
  // For others it asks one thing at a time: in a circle of observers nobody's question would make another one.
  const busy = [...reads.open.values()].some(({ askers }) => askers.length > 0)
  const askers = busy ? [] : reads.askers.splice(0)
  if (reads.fresh.length > 0 || askers.length > 0) {
    reads.open.set(reads.questions, { reads: reads.fresh, askers, asked: undefined, askedAt: now })
    reads.questions += 1
    reads.fresh = []
  }
  if (isZeroBallot(leader) || reads.open.size === 0) return
  if (leader.node === self && state.role.phase !== 'leading') return
  for (const [number, question] of reads.open) {
    const same = question.asked !== undefined && sameBallot(question.asked, leader)
    if (same && now - question.askedAt < readAgainMs) continue
    question.asked = leader
    question.askedAt = now
    ask(context, leader, number)
  }
}

function ask({ state, out }: Context, leader: Ballot, question: number): void {
  const { self, incarnation, role } = state
  if (role.phase === 'leading') wait(role.reads, { store: self, incarnation, question })
  else out.sendNow.push({ to: leader.node, message: { type: 'readIndex', incarnation, question } })
}

/** False: too many wait already. */
const wait = (reads: LeaderReads, asker: Asker): boolean => add(reads.waiting, asker)

function add(waiting: Asker[], asker: Asker): boolean {
  if (waiting.some((other) => isSame(other, asker))) return true
  if (waiting.length >= askersMax) return false
  waiting.push(asker)
  return true
}

const isSame = (a: Asker, b: Asker): boolean =>
  a.store === b.store && a.incarnation === b.incarnation && a.question === b.question

/** An observer that this store feeds wants to know, and this store asks on: what it learns later than now is true for both. */
export function askFor(context: Context, from: ReplicaId, message: ReadIndex): void {
  const { reads } = context.state
  const { incarnation, question } = message
  const asker = { store: from, incarnation, question }
  const asked = [...reads.open.values()].some(({ askers }) =>
    askers.some((other) => isSame(other, asker)),
  )
  if (asked || add(reads.askers, asker)) return
  ignore(context, from, 'readIndex', 'overloaded')
}

export function onReadIndex(context: Context, from: ReplicaId, message: ReadIndex): void {
  const { role } = context.state
  if (role.phase !== 'leading') return ignore(context, from, 'readIndex', 'notLeading')
  const { incarnation, question } = message
  const taken = wait(role.reads, { store: from, incarnation, question })
  if (!taken) ignore(context, from, 'readIndex', 'overloaded')
}

/** At the leader, once all inputs of a moment are in: one round for all that wait, and one at a time. */
export function beginReadRound(context: Context, role: Leading): void {
  const { state, now } = context
  const { reads } = role
  // Until an entry of its own is decided, a leader may not know all that was decided before it.
  if (reads.round !== undefined || reads.waiting.length === 0) return
  if (state.decidedEnd <= role.firstIndex) return
  const configuration = decidedConfiguration(state)
  if (configuration === undefined) return
  reads.rounds += 1
  const round: Round = {
    number: reads.rounds,
    index: state.decidedEnd,
    configuration,
    acks: new Set(state.votes),
    askers: reads.waiting,
    probedAt: now,
  }
  reads.waiting = []
  reads.round = round
  const lacks = (vote: VoteId): boolean =>
    configuration.voters.includes(vote) && !round.acks.has(vote)
  const known = [...role.progress].filter(([, { votes }]) => votes.some(lacks))
  const whom = known.map(([id]) => id)
  probe(context, role, round, whom)
  endRoundIfConfirmed(context, role, round)
}

function probe(
  { out, now }: Context,
  { ballot }: Leading,
  round: Round,
  whom: Iterable<ReplicaId>,
): void {
  round.probedAt = now
  const message: ReadProbe = { type: 'readProbe', ballot, round: round.number }
  for (const to of whom) out.sendNow.push({ to, message })
}

/**
 * Each round of time: a probe or its answer may be lost, the voters may be others by now, and who casts which vote may have changed
 * since it last accepted something: everybody is asked.
 */
export function repeatReadRound(context: Context, role: Leading, roundMs: number): void {
  const { reads } = role
  const { round } = reads
  if (round === undefined || context.now - round.probedAt < roundMs) return
  if (decidedConfiguration(context.state)?.index === round.configuration.index) {
    return probe(context, role, round, role.progress.keys())
  }
  reads.round = undefined
  reads.waiting = [...round.askers, ...reads.waiting]
  beginReadRound(context, role)
}

/** "Nobody above you has my promise": it says nothing about the disk, for a promise that may be lost counts for nobody yet. */
export function onReadProbe(context: Context, from: ReplicaId, message: ReadProbe): void {
  const { state, out } = context
  const { ballot, round } = message
  if (ballot.node !== from) return ignore(context, from, 'readProbe', 'notItsLeader')
  if (compareBallots(state.promised, ballot) !== 0) {
    return ignore(context, from, 'readProbe', 'otherPromise')
  }
  out.sendNow.push({ to: from, message: { type: 'readAck', ballot, round, votes: state.votes } })
}

export function onReadAck(context: Context, from: ReplicaId, message: ReadAck): void {
  const { role } = context.state
  if (role.phase !== 'leading' || !sameBallot(message.ballot, role.ballot)) {
    return ignore(context, from, 'readAck', 'otherBallot')
  }
  const { round } = role.reads
  if (round?.number !== message.round) return ignore(context, from, 'readAck', 'otherRound')
  for (const vote of message.votes) round.acks.add(vote)
  endRoundIfConfirmed(context, role, round)
}

/** A majority had promised nobody above this ballot after the last asker had asked: till then nobody else decided anything. */
function endRoundIfConfirmed(context: Context, role: Leading, round: Round): void {
  if (!isMajority(round.configuration.voters, round.acks)) return
  role.reads.round = undefined
  const { state } = context
  const { index } = round
  for (const asker of round.askers) {
    if (asker.store === state.self) answer(context, asker.question, index)
    else reply(context, asker, index)
  }
  beginReadRound(context, role)
}

function reply({ out }: Context, asker: Asker, index: Index): void {
  const { store: to, incarnation, question } = asker
  out.sendNow.push({ to, message: { type: 'readIndexReply', incarnation, question, index } })
}

export function onReadIndexReply(context: Context, from: ReplicaId, message: ReadIndexReply): void {
  const { state } = context
  const { incarnation, question, index } = message
  if (incarnation !== state.incarnation) {
    return ignore(context, from, 'readIndexReply', 'ofAnEarlierStart')
  }
  if (state.reads.open.get(question)?.asked?.node !== from) {
    return ignore(context, from, 'readIndexReply', 'notAsked')
  }
  answer(context, question, index)
}

function answer(context: Context, number: number, index: Index): void {
  const { reads } = context.state
  const question = reads.open.get(number)
  if (question === undefined) return
  reads.open.delete(number)
  if (question.reads.length > 0) reads.due.push({ index, reads: question.reads })
  for (const asker of question.askers) reply(context, asker, index)
}

/** Whatever this store can answer by now; what it decided before is applied before anybody is told. */
export function tellReadable({ state, out }: Context): void {
  const { reads, decidedEnd } = state
  const readable: number[] = []
  if (reads.rejoining.length > 0 && isRejoined(state)) readable.push(...reads.rejoining.splice(0))
  if (reads.due.some(({ index }) => index <= decidedEnd)) {
    for (const { index, reads: ids } of reads.due) if (index <= decidedEnd) readable.push(...ids)
    reads.due = reads.due.filter(({ index }) => index > decidedEnd)
  }
  if (readable.length > 0) out.notify.push({ type: 'readable', reads: readable })
}

/**
 * What this store applied before its start was on its disk before, as a part of its log. It is decided here again once that
 * whole log is, or an entry that a later leadership appended behind all that was ever decided before it.
 */
function isRejoined({ log, decidedEnd, found }: ProtocolState): boolean {
  if (decidedEnd >= found.logEnd) return true
  if (decidedEnd === 0 || decidedEnd > logEnd(log)) return false
  const last = stampBefore(log, decidedEnd)
  return last !== undefined && compareBallots(last.ballot, found.accepted) > 0
}
