/** A schedule written by hand in which a store takes over votes, and with them a log, while a leader's sync is on its way to it. */
import type { Index } from '@unanimous/core/internal'
import {
  appendQueue,
  arm,
  bequeath,
  incarnation,
  onPropose,
  replicate,
  sameBallot,
  startPreparing,
} from '@unanimous/core/internal'
import type { Proposals } from './agreement.ts'
import { proposalKey } from './agreement.ts'
import type { Actor } from './stage.ts'
import { Stage } from './stage.ts'
import { demand } from './violation.ts'

/**
 * Of five, A and H hold something of A's first ballot that nobody else has. V leads another ballot with C and D, who do not
 * hear what it begins with. A leads once more, with H and C; its sync to H, which goes on behind what both hold, is on its way
 * when V closes and leaves H its vote with its log. H holds as much as before, but of another ballot: the sync must not be taken.
 */
export function playOtherBase(): boolean {
  const proposals: Proposals = new Map()
  const stage = new Stage(5, proposals)
  // By number and name: of two ballots that nobody has heard of, A's is the higher one.
  const [v, h, c, d, a] = stage.actors
  if (a === undefined || h === undefined || v === undefined) return false
  if (c === undefined || d === undefined) return false
  const propose = proposer(stage, proposals)
  stage.act(v, (context) => {
    arm(context, h.id)
  })
  lead(stage, a, [h, v, c, d])
  stage.talk(...stage.actors)
  propose(a)
  stage.talk(a, h)
  stage.take(() => true)
  lead(stage, v, [c, d])
  stage.take(() => true)
  lead(stage, a, [h, c])
  const [sync] = stage.take(({ to, message }) => to === h && message.type === 'acceptSync')
  stage.take(() => true)
  const { accepted, log, decidedEnd } = h.state
  stage.act(v, (context) => {
    bequeath(context, { accepted, logEnd: log.entries.length as Index, decidedEnd }, true)
  })
  stage.talk(v, h)
  const met = sync !== undefined && sameBallot(h.state.accepted, v.state.accepted)
  if (sync !== undefined) stage.deliver(sync)
  const rest = [a, h, c, d]
  stage.talk(...rest)
  propose(a)
  stage.talk(...rest)
  const { decidedEnd: end } = a.state
  demand(end === a.state.log.entries.length, 'liveness', () => 'A does not decide what it appends')
  return met
}

/** It asks the others, hears their answers, and leads; what it says then waits. */
function lead(stage: Stage, actor: Actor, others: readonly Actor[]): void {
  stage.act(actor, (context) => {
    startPreparing(
      context,
      others.map(({ id }) => id),
    )
  })
  stage.talk(actor)
  for (const type of ['prepare', 'promised'] as const) {
    for (const held of stage.take(({ message }) => message.type === type)) stage.deliver(held)
  }
  stage.talk(actor)
}

/** What it proposes it appends, and sends to those whom it has brought to its log. */
function proposer(stage: Stage, proposals: Proposals): (actor: Actor) => void {
  let seq = 0
  return (actor) => {
    const id = { author: actor.id, incarnation: incarnation(1), seq }
    const command = Uint8Array.of(seq)
    proposals.set(proposalKey(id), command)
    stage.act(actor, (context) => {
      const session = 1 as Index
      onPropose(context, actor.id, { type: 'propose', ...id, session, low: 0, commands: [command] })
      const { role } = context.state
      if (role.phase !== 'leading') return
      appendQueue(context, role)
      replicate(context, role)
    })
    seq += 1
  }
}
