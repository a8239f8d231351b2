/**
 * A participant's proposals until they are decided: handed to the leader that it knows, and again when that is another one
 * or when nothing is heard for a while. The same for every baseline. Knows no logs.
 */
import type { CommandEntry, Proposal, ProposalId, ReplicaId } from '@unanimous/core/internal'

/** As patient as the core is with a proposal that was handed over. */
const resendMs = 2000

/** A proposal, or one of a client that this participant speaks for. */
interface Waiting {
  readonly proposal: Proposal
  handedTo: string | undefined
  handedAt: number
}

export interface Outbox {
  readonly waiting: Map<string, Waiting>
}

/** From any participant to whom it takes for the leader, or from a client to any voter. */
export interface Propose {
  readonly type: 'propose'
  readonly proposals: readonly Proposal[]
}

/** From a voter to a client that proposed through it. */
export interface Answered {
  readonly type: 'answered'
  readonly id: ProposalId
  readonly index: number
}

export const emptyOutbox = (): Outbox => ({ waiting: new Map() })

export const keyOf = ({ author, incarnation, seq }: ProposalId): string =>
  `${author}.${incarnation}.${seq}`

export function put(outbox: Outbox, proposal: Proposal): void {
  const key = keyOf(proposal)
  if (outbox.waiting.has(key)) return
  outbox.waiting.set(key, { proposal, handedTo: undefined, handedAt: 0 })
}

/** What is due to be handed to `leader`: never handed to this leadership, or long ago. */
export function takeDue(outbox: Outbox, leadership: string, now: number): readonly Proposal[] {
  const due: Proposal[] = []
  for (const waiting of outbox.waiting.values()) {
    if (waiting.handedTo === leadership && now - waiting.handedAt < resendMs) continue
    waiting.handedTo = leadership
    waiting.handedAt = now
    due.push(waiting.proposal)
  }
  return due
}

/** Decided: no need to hand it on. False: it was not waiting here. */
export const settle = (outbox: Outbox, entry: CommandEntry): boolean =>
  outbox.waiting.delete(keyOf(entry))

/** An entry's author without the rest. */
export const isBy = (entry: CommandEntry, self: ReplicaId, incarnation: number): boolean =>
  entry.author === self && entry.incarnation === incarnation
