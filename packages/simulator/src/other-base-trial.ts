/** A schedule written by hand in which a store takes over votes, and with them a log, while a leader's sync is on its way to it. */
import type { Index } from '@unanimous/core/internal'
import { arm, bequeath, sameBallot } from '@unanimous/core/internal'
import type { Proposals } from './agreement.ts'
import { lead, proposer } from './cues.ts'
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
