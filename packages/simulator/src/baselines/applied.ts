/** From a decided end to the application: each entry once and in order, each command of a proposal executed once. */
import type { Entry, Incarnation, Index, Proposal, ReplicaId } from '@unanimous/core/internal'
import { demand } from '../violation.ts'
import type { Effects } from './machine.ts'
import type { Answered, Outbox } from './outbox.ts'
import { isBy, keyOf, put, settle } from './outbox.ts'

export interface Applied {
  end: number
  /** Where each proposal was executed. */
  readonly executed: Map<string, number>
}

export const nothingApplied = (): Applied => ({ end: 0, executed: new Map() })

export interface Applier {
  readonly self: ReplicaId
  readonly incarnation: Incarnation
  readonly outbox: Outbox
  readonly applied: Applied
}

/** Hands the entries below `end` on that were not handed on before, and tells those who wait for them. */
export function applyUpTo<Message>(
  { self, incarnation, outbox, applied }: Applier,
  log: readonly Entry[],
  end: number,
  out: Effects<Message | Answered>,
): void {
  demand(end <= log.length, 'decided', () => `decided ${end} of ${log.length} entries`)
  for (let at = applied.end; at < end; at += 1) {
    const entry = log[at]
    if (entry === undefined) break
    const index = at as Index
    const repeat = entry.kind === 'command' && applied.executed.has(keyOf(entry))
    out.apply.push({ index, entry, repeat })
    applied.end = at + 1
    if (entry.kind !== 'command') continue
    if (!repeat) applied.executed.set(keyOf(entry), at)
    const waited = settle(outbox, entry)
    if (isBy(entry, self, incarnation)) {
      if (!repeat) out.answer.push({ seq: entry.seq, index })
    } else if (waited) {
      // A client's, which was proposed through this voter.
      const { author, incarnation: start, seq } = entry
      const id = { author, incarnation: start, seq }
      out.sendNow.push({ to: author, message: { type: 'answered', id, index } })
    }
  }
}

/** A client's proposals: one that was executed already is answered again, the others wait here from now on. */
export function speakFor<Message>(
  { outbox, applied }: Applier,
  proposals: readonly Proposal[],
  out: Effects<Message | Answered>,
): void {
  for (const proposal of proposals) {
    const index = applied.executed.get(keyOf(proposal))
    if (index === undefined) {
      put(outbox, proposal)
      continue
    }
    const { author, incarnation, seq } = proposal
    const id = { author, incarnation, seq }
    out.sendNow.push({ to: author, message: { type: 'answered', id, index } })
  }
}
