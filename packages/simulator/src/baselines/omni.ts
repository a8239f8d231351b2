/**
 * Omni-Paxos-style: ballot leader election beside Sequence Paxos, no relays, no reconfiguration. The one transition of a
 * server; knows no clocks, networks or disks.
 */
import type { Ballot, Durable, Proposal, ReplicaId } from '@unanimous/core/internal'
import { compareBallots, isZeroBallot, sameBallot } from '@unanimous/core/internal'
import { applyUpTo, nothingApplied, speakFor } from './applied.ts'
import type { BallotElection } from './ballot-election.ts'
import { endRound, onReply, roundMs, startElection } from './ballot-election.ts'
import { startClient } from './client.ts'
import type { Algorithm, Effects, Held, Input, Machine, Setup } from './machine.ts'
import { nothing } from './machine.ts'
import type { OmniMessage } from './omni-message.ts'
import { emptyOutbox, keyOf, put, takeDue } from './outbox.ts'
import {
  appendProposals,
  onAccept,
  onAccepted,
  onAcceptSync,
  onElected,
  onPrepare,
  onPromise,
  repeat,
  replicate,
} from './sequence-paxos.ts'
import type { SequenceState, SequenceStep } from './sequence-paxos.ts'

export function omni(): Algorithm<OmniMessage> {
  return {
    tickMs: 10,
    start: (setup, durable, now) =>
      setup.voters.includes(setup.self)
        ? startServer(setup, durable, now)
        : startClient<OmniMessage>(setup),
    leadership: keyOfBallot,
    kindOf: ({ type }) => type,
    whyNotDurable,
  }
}

const linksUpMs = 1000

interface Server {
  readonly sequence: SequenceState
  readonly election: BallotElection
  roundAt: number
}

interface Step extends SequenceStep {
  readonly server: Server
  readonly now: number
}

function startServer(setup: Setup, durable: Durable, now: number): Machine<OmniMessage> {
  const server: Server = {
    sequence: sequenceOf(setup, durable),
    election: startElection(setup.self, setup.voters, {
      turn: setup.turn,
      promised: durable.promised,
    }),
    // Rounds of different servers are not in step; at the beginning of a group links come up first.
    roundAt: now + setup.rng.below(roundMs) + (setup.turn === undefined ? 0 : linksUpMs),
  }
  const { sequence } = server
  let recovered = false
  return {
    step(input, at) {
      const out: Effects<OmniMessage> = nothing()
      if (!recovered) applyUpTo(sequence, sequence.log, sequence.decidedEnd, out)
      recovered = true
      take({ server, state: sequence, out, now: at }, input)
      return out
    },
    leading: () => (sequence.role.name === 'leading' ? sequence.role.ballot : undefined),
    follows: () => (isZeroBallot(leaderOf(server)) ? undefined : leaderOf(server).node),
    campaign: () =>
      sequence.role.name === 'preparing'
        ? `prepares ballot ${sequence.role.ballot.num}`
        : undefined,
    decidedEnd: () => sequence.decidedEnd,
    promised: () => sequence.promised,
  }
}

function sequenceOf({ self, incarnation, voters }: Setup, durable: Durable): SequenceState {
  const log = [...durable.entries]
  const commands = log.flatMap((entry, at): [string, number][] =>
    entry.kind === 'command' ? [[keyOf(entry), at]] : [],
  )
  return {
    self,
    incarnation,
    voters,
    outbox: emptyOutbox(),
    applied: nothingApplied(),
    logged: new Map(commands),
    log,
    promised: durable.promised,
    accepted: durable.accepted,
    decidedEnd: durable.decidedEnd,
    role: { name: 'follower' },
  }
}

function take(step: Step, input: Input<OmniMessage>): void {
  const { server, now } = step
  switch (input.type) {
    case 'tick':
      if (now < server.roundAt) return
      server.roundAt = now + roundMs
      return onRound(step)
    case 'received':
      return onMessage(step, input.from, input.message)
    case 'durable':
      return onMessage(step, server.sequence.self, input.message)
    case 'proposed':
      return put(server.sequence.outbox, input.proposal)
    case 'flush':
      return onFlush(step)
  }
}

function onRound(step: Step): void {
  const { server, out } = step
  const { election } = server
  const elected = endRound(election)
  if (elected !== undefined) onElected(step, elected)
  repeat(step)
  for (const to of election.voters) {
    if (to === election.self) continue
    out.sendNow.push({ to, message: { type: 'heartbeatRequest', round: election.round } })
  }
}

function onMessage(step: Step, from: ReplicaId, message: OmniMessage): void {
  const { server, out } = step
  switch (message.type) {
    case 'heartbeatRequest': {
      const { ballot, quorumConnected } = server.election
      const { round } = message
      out.sendNow.push({
        to: from,
        message: { type: 'heartbeatReply', round, ballot, quorumConnected },
      })
      return
    }
    case 'heartbeatReply':
      return onReply(server.election, from, message)
    case 'prepare':
      return onPrepare(step, from, message)
    case 'promise':
      return onPromise(step, from, message)
    case 'acceptSync':
      return onAcceptSync(step, from, message)
    case 'accept':
      return onAccept(step, from, message)
    case 'accepted':
      return onAccepted(step, from, message)
    case 'propose':
      return onPropose(step, message)
    case 'answered':
  }
}

function onPropose(step: Step, { proposals }: Extract<OmniMessage, { type: 'propose' }>): void {
  const { state, out } = step
  const isServer = ({ author }: Proposal): boolean => state.voters.includes(author)
  speakFor(
    state,
    proposals.filter((proposal) => !isServer(proposal)),
    out,
  )
  const fromServers = proposals.filter(isServer)
  // An elected leader keeps what comes before its phase 1 is through.
  if (state.role.name === 'preparing') for (const each of fromServers) put(state.outbox, each)
  appendProposals(step, fromServers)
}

function onFlush(step: Step): void {
  const { server, state, out, now } = step
  const { role } = state
  if (role.name === 'leading') {
    appendProposals(step, takeDue(state.outbox, keyOfBallot(role.ballot), now))
    return replicate(step)
  }
  const leader = leaderOf(server)
  if (isZeroBallot(leader) || leader.node === state.self) return
  const proposals = takeDue(state.outbox, keyOfBallot(leader), now)
  if (proposals.length === 0) return
  out.sendNow.push({ to: leader.node, message: { type: 'propose', proposals } })
}

/** Elected here, or promised to: who reaches no quorum elects nobody, but is asked for promises. */
const leaderOf = ({ election, sequence }: Server): Ballot =>
  compareBallots(election.leader, sequence.promised) >= 0 ? election.leader : sequence.promised

const keyOfBallot = ({ num, node }: { num: number; node: string }): string => `${num}.${node}`

/** What a message says about its sender's disk must be on it. */
function whyNotDurable(message: OmniMessage, disk: Held): string | undefined {
  if (message.type === 'accepted') {
    const short = sameBallot(disk.accepted, message.ballot) && disk.logEnd < message.logEnd
    return short ? `${message.logEnd} entries accepted, its disk has ${disk.logEnd}` : undefined
  }
  if (!('ballot' in message) || message.type === 'heartbeatReply') return undefined
  return compareBallots(disk.promised, message.ballot) < 0
    ? `${message.type} of ballot ${message.ballot.num}, its disk promised ${disk.promised.num}`
    : undefined
}
