/** Raft's elections: terms, votes, PreVote and CheckQuorum. Knows logs only by their end and last term. */
import type { ReplicaId } from '@unanimous/core/internal'
import {
  electionMs,
  majorityOf,
  others,
  persistVote,
  resetElection,
  termBefore,
} from './raft-state.ts'
import type { RaftRole, RaftState, RaftStep, RequestVote, Vote } from './raft-state.ts'
import { lead } from './raft-log.ts'

type Leader = Extract<RaftRole, { readonly name: 'leader' }>

/** A higher term was seen: follow it, whoever leads it, with no vote cast. */
export function adoptTerm(step: RaftStep, term: number): void {
  const { state } = step
  state.term = term
  state.votedFor = ''
  persistVote(step)
  stepDown(step)
}

/** Only who was no follower begins to wait anew: a term alone is no sign of life of a leader. */
export function stepDown(step: RaftStep): void {
  const { state } = step
  const waited = state.role.name === 'follower'
  state.role = { name: 'follower', leader: undefined }
  if (!waited) resetElection(step)
}

export function onElectionTick(step: RaftStep): void {
  const { state, now } = step
  const { role } = state
  if (role.name === 'leader') {
    if (state.options.checkQuorum) checkQuorum(step, role)
    return
  }
  if (now < state.electionAt) return
  if (state.options.preVote) askFirst(step)
  else campaign(step)
}

/** As in etcd: once an election timeout, did a majority answer since the last time? */
function checkQuorum(step: RaftStep, role: Leader): void {
  const { state, now } = step
  if (now - role.checkedAt < electionMs[0]) return
  const heard = [...role.progress.values()].filter(({ heardAt }) => heardAt > role.checkedAt)
  role.checkedAt = now
  if (heard.length + 1 < majorityOf(state.voters)) stepDown(step)
}

function requestOf(state: RaftState, pre: boolean): RequestVote {
  const { log, term } = state
  return {
    type: 'requestVote',
    pre,
    term: pre ? term + 1 : term,
    lastTerm: termBefore(log, log.length),
    logEnd: log.length,
  }
}

/** PreVote: nothing rises and nothing is promised until a majority would vote. */
function askFirst(step: RaftStep): void {
  const { state, out } = step
  resetElection(step)
  const role: RaftRole = { name: 'preCandidate', votes: new Set([state.self]) }
  state.role = role
  for (const to of others(state)) out.sendNow.push({ to, message: requestOf(state, true) })
  if (role.votes.size >= majorityOf(state.voters)) campaign(step)
}

export function campaign(step: RaftStep): void {
  const { state, out } = step
  state.term += 1
  state.votedFor = state.self
  persistVote(step)
  resetElection(step)
  state.role = { name: 'candidate', votes: new Set() }
  const own: Vote = { type: 'vote', pre: false, term: state.term, granted: true }
  out.send.push({ to: state.self, message: own })
  for (const to of others(state)) out.send.push({ to, message: requestOf(state, false) })
}

/** Follows somebody who was heard within the least election timeout, or leads. */
function hasLeader({ role, leaderHeardAt }: RaftState, now: number): boolean {
  return role.name === 'leader' || now - leaderHeardAt < electionMs[0]
}

function isUpToDate({ log }: RaftState, message: RequestVote): boolean {
  const lastTerm = termBefore(log, log.length)
  if (message.lastTerm !== lastTerm) return message.lastTerm > lastTerm
  return message.logEnd >= log.length
}

export function onRequestVote(step: RaftStep, from: ReplicaId, message: RequestVote): void {
  const { state, out, now } = step
  // As in etcd: while a leader is heard, a candidate is not even answered.
  if (state.options.checkQuorum && hasLeader(state, now)) return
  if (message.pre) return onPreVote(step, from, message)
  if (message.term > state.term) adoptTerm(step, message.term)
  const free = state.votedFor === '' || state.votedFor === from
  const granted = message.term === state.term && free && isUpToDate(state, message)
  if (granted && state.votedFor === '') {
    state.votedFor = from
    persistVote(step)
  }
  if (granted) resetElection(step)
  out.send.push({ to: from, message: { type: 'vote', pre: false, term: state.term, granted } })
}

function onPreVote(step: RaftStep, from: ReplicaId, message: RequestVote): void {
  const { state, out, now } = step
  const granted = message.term > state.term && !hasLeader(state, now) && isUpToDate(state, message)
  const term = granted ? message.term : state.term
  // It reveals the term, which may still be on its way to the disk.
  out.send.push({ to: from, message: { type: 'vote', pre: true, term, granted } })
}

export function onVote(step: RaftStep, from: ReplicaId, message: Vote): void {
  const { state } = step
  if (message.term > state.term && !(message.pre && message.granted)) {
    return adoptTerm(step, message.term)
  }
  const { role } = state
  if (!message.granted) return
  if (message.pre) {
    if (role.name !== 'preCandidate' || message.term !== state.term + 1) return
    role.votes.add(from)
    if (role.votes.size >= majorityOf(state.voters)) campaign(step)
    return
  }
  if (role.name !== 'candidate' || message.term !== state.term) return
  role.votes.add(from)
  if (role.votes.size >= majorityOf(state.voters)) lead(step)
}
