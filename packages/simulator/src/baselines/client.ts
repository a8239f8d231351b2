/** A participant without a vote: it hands its proposals to one voter after the other until it is answered. Keeps nothing. */
import { zeroBallot } from '@unanimous/core/internal'
import type { Effects, Input, Machine, Setup } from './machine.ts'
import { nothing } from './machine.ts'
import type { Answered, Propose } from './outbox.ts'
import { emptyOutbox, keyOf, put, takeDue } from './outbox.ts'

/** After this long without any answer it tries the next voter. */
const patienceMs = 1000

export function startClient<Message extends { readonly type: string }>(
  setup: Setup,
): Machine<Message | Propose | Answered> {
  const outbox = emptyOutbox()
  let target = setup.rng.below(setup.voters.length)
  let answeredAt = 0
  return {
    step(input, now) {
      const out: Effects<Message | Propose | Answered> = nothing()
      take(input, now, out)
      return out
    },
    leading: () => undefined,
    follows: () => undefined,
    campaign: () => undefined,
    decidedEnd: () => 0,
    promised: () => zeroBallot,
  }

  function take(
    input: Input<Message | Propose | Answered>,
    now: number,
    out: Effects<Message | Propose | Answered>,
  ): void {
    switch (input.type) {
      case 'proposed':
        if (outbox.waiting.size === 0) answeredAt = now
        return put(outbox, input.proposal)
      case 'received':
        return onAnswered(input.message, now, out)
      case 'tick':
        if (outbox.waiting.size === 0 || now - answeredAt < patienceMs) return
        answeredAt = now
        target = (target + 1) % setup.voters.length
        return
      case 'flush': {
        const to = setup.voters[target]
        if (to === undefined) return
        const proposals = takeDue(outbox, to, now)
        if (proposals.length > 0) out.sendNow.push({ to, message: { type: 'propose', proposals } })
        return
      }
      case 'durable':
    }
  }

  function onAnswered(
    message: Message | Propose | Answered,
    now: number,
    out: Effects<Message | Propose | Answered>,
  ): void {
    if (!isAnswered(message)) return
    const { id, index } = message
    if (id.author !== setup.self || id.incarnation !== setup.incarnation) return
    answeredAt = now
    if (outbox.waiting.delete(keyOf(id))) out.answer.push({ seq: id.seq, index })
  }
}

const isAnswered = (message: { readonly type: string }): message is Answered =>
  message.type === 'answered'
