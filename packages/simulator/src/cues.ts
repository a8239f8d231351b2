/** What several schedules written by hand let a store on their stage do. */
import type { Index } from '@unanimous/core/internal'
import {
  appendQueue,
  incarnation,
  onPropose,
  replicate,
  startPreparing,
} from '@unanimous/core/internal'
import type { Proposals } from './agreement.ts'
import { proposalKey } from './agreement.ts'
import type { Actor, Stage } from './stage.ts'

/** It asks the others, hears their answers, and leads; what it says then waits. */
export function lead(stage: Stage, actor: Actor, others: readonly Actor[]): void {
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
export function proposer(stage: Stage, proposals: Proposals): (actor: Actor) => void {
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
