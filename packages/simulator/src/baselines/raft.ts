/**
 * Textbook Raft, and with PreVote and CheckQuorum (see docs/baselines.md for what is in and what is not). The one transition
 * of a server; knows no clocks, networks or disks.
 */
import type { Durable, Proposal, ReplicaId } from '@unanimous/core/internal'
import { nothingApplied, speakFor } from './applied.ts'
import { startClient } from './client.ts'
import type { Algorithm, Held, Input, Machine, Setup } from './machine.ts'
import { nothing } from './machine.ts'
import { emptyOutbox, keyOf, put, takeDue } from './outbox.ts'
import { adoptTerm, onElectionTick, onRequestVote, onVote } from './raft-election.ts'
import { appendProposals, onAppend, onAppended, onLeaderTick, replicate } from './raft-log.ts'
import { ballotOf, electionMs } from './raft-state.ts'
import type { RaftMessage, RaftOptions, RaftState, RaftStep } from './raft-state.ts'

export function raft(options: RaftOptions): Algorithm<RaftMessage> {
  return {
    tickMs: 10,
    start: (setup, durable, now) =>
      setup.voters.includes(setup.self)
        ? startServer(options, setup, durable, now)
        : startClient<RaftMessage>(setup),
    leadership: ({ num }) => `term ${num}`,
    kindOf,
    whyNotDurable,
  }
}

function startServer(
  options: RaftOptions,
  setup: Setup,
  durable: Durable,
  now: number,
): Machine<RaftMessage> {
  const state = stateOf(options, setup, durable, now)
  return {
    step(input, at) {
      const step: RaftStep = { state, out: nothing(), now: at }
      take(step, input)
      return step.out
    },
    leading: () => (state.role.name === 'leader' ? ballotOf(state.term, state.self) : undefined),
    follows: () => leaderOf(state),
    campaign: () => {
      if (state.role.name === 'candidate') return `asks for votes in term ${state.term}`
      return state.role.name === 'preCandidate'
        ? `asks whether it would be elected in term ${state.term + 1}`
        : undefined
    },
    decidedEnd: () => state.committedEnd,
    promised: () => ballotOf(state.term, state.votedFor),
  }
}

/** Links come up before anybody stands. */
const firstWaitMs = { first: 1000, later: 4000 } as const

function stateOf(options: RaftOptions, setup: Setup, durable: Durable, now: number): RaftState {
  const { self, incarnation, voters, rng, turn } = setup
  const log = [...durable.entries]
  const commands = log.flatMap((entry, at): [string, number][] =>
    entry.kind === 'command' ? [[keyOf(entry), at]] : [],
  )
  return {
    self,
    incarnation,
    voters,
    options,
    rng,
    outbox: emptyOutbox(),
    applied: nothingApplied(),
    logged: new Map(commands),
    log,
    term: durable.promised.num,
    votedFor: durable.promised.node,
    committedEnd: 0,
    role: { name: 'follower', leader: undefined },
    electionAt: now + (turn === undefined ? rng.between(electionMs) : firstWaitMs[turn]),
    leaderHeardAt: -Infinity,
  }
}

function take(step: RaftStep, input: Input<RaftMessage>): void {
  const { state } = step
  switch (input.type) {
    case 'tick':
      onElectionTick(step)
      if (state.role.name === 'leader') onLeaderTick(step, state.role)
      return
    case 'received':
      return onMessage(step, input.from, input.message)
    case 'durable':
      return onMessage(step, state.self, input.message)
    case 'proposed':
      return put(state.outbox, input.proposal)
    case 'flush':
      return onFlush(step)
  }
}

function onMessage(step: RaftStep, from: ReplicaId, message: RaftMessage): void {
  const { state, out } = step
  switch (message.type) {
    case 'requestVote':
      return onRequestVote(step, from, message)
    case 'vote':
      return onVote(step, from, message)
    case 'append':
      if (message.term > state.term) adoptTerm(step, message.term)
      if (message.term === state.term) return onAppend(step, from, message)
      // Its leadership is over: it learns the term, and that nothing was taken.
      out.send.push({
        to: from,
        message: { type: 'appended', term: state.term, ok: false, from: message.from, end: 0 },
      })
      return
    case 'appended':
      if (message.term > state.term) return adoptTerm(step, message.term)
      if (message.term === state.term && state.role.name === 'leader') {
        onAppended(step, state.role, from, message)
      }
      return
    case 'propose':
      return onPropose(step, message)
    case 'answered':
  }
}

/** A client's proposals are this server's own from here on; another server repeats its own by itself. */
function onPropose(step: RaftStep, { proposals }: Extract<RaftMessage, { type: 'propose' }>): void {
  const { state, out } = step
  const isServer = ({ author }: Proposal): boolean => state.voters.includes(author)
  speakFor(
    state,
    proposals.filter((proposal) => !isServer(proposal)),
    out,
  )
  if (state.role.name === 'leader') appendProposals(step, proposals.filter(isServer))
}

function leaderOf({ role, self }: RaftState): ReplicaId | undefined {
  if (role.name === 'leader') return self
  return role.name === 'follower' ? role.leader : undefined
}

function onFlush(step: RaftStep): void {
  const { state, out, now } = step
  const to = leaderOf(state)
  if (to === undefined) return
  const proposals = takeDue(state.outbox, `${state.term}.${to}`, now)
  if (state.role.name === 'leader') {
    appendProposals(step, proposals)
    replicate(step, state.role)
  } else if (proposals.length > 0) {
    out.sendNow.push({ to, message: { type: 'propose', proposals } })
  }
}

/** What a message says about its sender's disk must be on it. */
function whyNotDurable(message: RaftMessage, disk: Held): string | undefined {
  switch (message.type) {
    case 'requestVote':
    case 'vote':
    case 'append':
    case 'appended': {
      // A pre-vote names a term that nobody is in yet.
      const hypothetical =
        (message.type === 'requestVote' || message.type === 'vote') && message.pre
      if (!hypothetical && disk.promised.num < message.term) {
        return `${message.type} of term ${message.term}, its disk is in term ${disk.promised.num}`
      }
      // What was said in an earlier term may have been overtaken on the disk since.
      if (disk.promised.num !== message.term) return undefined
      if (message.type === 'vote' && message.granted && !message.pre && disk.promised.node === '') {
        return 'a vote that is not on its disk'
      }
      return message.type === 'appended' && message.ok && disk.logEnd < message.end
        ? `${message.end} entries, its disk has ${disk.logEnd}`
        : undefined
    }
    case 'propose':
    case 'answered':
      return undefined
  }
}

/** Heartbeats and trial votes have no type of their own. */
function kindOf(message: RaftMessage): string {
  if (message.type === 'append' && message.entries.length === 0) return 'heartbeat'
  if (message.type === 'requestVote' && message.pre) return 'preVote'
  return message.type
}
