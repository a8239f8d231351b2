/**
 * A disk that keeps what was written to it before the lights went out, and nothing else. Knows the operations of a store;
 * when a write becomes durable is for the tab to say.
 */
import type {
  Armed,
  Ballot,
  Compacted,
  Durable,
  DurableEstate,
  Entry,
  Handed,
  Incarnation,
  Index,
  OutboxKey,
  OutboxOp,
  Receipt,
  ReplicaId,
  Rewrite,
  StorageOp,
  VoteId,
} from '@unanimous/core/internal'
import {
  compareBallots,
  estateAtStart,
  outboxKey,
  sameEntry,
  zeroBallot,
} from '@unanimous/core/internal'
import { demand } from './violation.ts'

export class Disk {
  #incarnation = 0
  #group: Durable['group']
  #promised: Ballot = zeroBallot
  #accepted: Ballot = zeroBallot
  #decidedEnd = 0 as Index
  #compacted: Compacted | undefined
  /** From the base on. */
  readonly #entries: Entry[] = []
  #votes: readonly VoteId[] | undefined
  #armed: Armed | undefined
  readonly #receipts = new Map<ReplicaId, Receipt>()
  readonly #outbox = new Map<OutboxKey, Handed>()
  /** Beside the store, written at once: the start that closed without a bequest. */
  notSent: number | undefined

  get promised(): Ballot {
    return this.#promised
  }

  get accepted(): Ballot {
    return this.#accepted
  }

  /** What lies below is only summed up. */
  get base(): number {
    return this.#compacted?.base ?? 0
  }

  get logEnd(): number {
    return this.base + this.#entries.length
  }

  get compacted(): Compacted | undefined {
    return this.#compacted
  }

  get decidedEnd(): Index {
    return this.#decidedEnd
  }

  get entries(): readonly Entry[] {
    return this.#entries
  }

  /** Of the last start. */
  get incarnation(): Incarnation {
    return this.#incarnation as Incarnation
  }

  /** One atomic write. */
  commit(ops: readonly StorageOp[]): void {
    for (const op of ops) this.#commit(op)
    demand(
      compareBallots(this.#accepted, this.#promised) <= 0,
      'durable',
      () => 'a disk holds an acceptance above its promise',
    )
  }

  #commit(op: StorageOp): void {
    switch (op.type) {
      case 'join':
        demand(this.#group === undefined, 'durable', () => 'a store joins one group in its life')
        this.#group = { ...op, id: op.group }
        break
      case 'start':
        this.#incarnation = op.incarnation
        break
      case 'promise':
        demand(
          compareBallots(op.ballot, this.#promised) > 0,
          'durable',
          () => 'a promise on the disk does not rise',
        )
        this.#promised = op.ballot
        break
      case 'splice':
        demand(op.from <= this.logEnd, 'durable', () => 'a hole in the log on the disk')
        demand(op.from >= this.#decidedEnd, 'durable', () => 'a write cuts off what is decided')
        this.#entries.length = op.from - this.base
        for (const entry of op.entries) this.#entries.push(entry)
        this.#accepted = op.accepted
        this.#raiseDecided(op.decidedEnd)
        break
      case 'decide':
        this.#raiseDecided(op.decidedEnd)
        break
      case 'arm':
        this.#armed = op.armed
        break
      case 'votes':
        this.#votes = op.votes
        break
      case 'receipt':
        demand(
          op.receipt.incarnation > (this.#receipts.get(op.from)?.incarnation ?? 0),
          'durable',
          () => 'a receipt on the disk is replaced by an older one',
        )
        this.#receipts.set(op.from, op.receipt)
        break
      case 'rewrite':
        this.#rewrite(op)
        break
    }
  }

  /** Whatever was promised, accepted, decided or settled before is still there, or summed up. */
  #rewrite(op: Rewrite): void {
    const { snapshot, base, entries } = op
    const { end } = snapshot.head
    const need = (holds: boolean, what: string): void =>
      demand(holds, 'durable', () => `a rewritten disk ${what}`)
    need(compareBallots(op.promised, this.#promised) >= 0, 'forgets a promise')
    need(compareBallots(op.accepted, this.#accepted) >= 0, 'forgets an acceptance')
    need(end >= (this.#compacted?.snapshot.head.end ?? 0), 'holds an older snapshot')
    need(base <= end && end <= op.decidedEnd, 'sums up what is not decided')
    need(op.decidedEnd <= base + entries.length, 'decided beyond its log')
    for (const [from, { incarnation }] of this.#receipts) {
      need((op.estate.receipts.get(from)?.incarnation ?? 0) >= incarnation, 'forgets a receipt')
    }
    for (let at = Math.max(base, this.base); at < this.#decidedEnd; at += 1) {
      const [before, now] = [this.#entries[at - this.base], entries[at - base]]
      if (before === undefined) continue
      need(now !== undefined && sameEntry(before, now), `decided another entry at ${at}`)
    }
    this.#compacted = { snapshot, base }
    this.#entries.splice(0, this.#entries.length, ...entries)
    this.#promised = op.promised
    this.#accepted = op.accepted
    this.#raiseDecided(op.decidedEnd)
    this.#votes = op.estate.votes
    this.#armed = op.estate.armed
    this.#receipts.clear()
    for (const [from, receipt] of op.estate.receipts) this.#receipts.set(from, receipt)
  }

  /** Written at once, and not as surely as the rest: of eight one is lost. */
  keep(ops: readonly OutboxOp[]): void {
    for (const { type, proposal } of ops) {
      const key = outboxKey(proposal)
      if (type === 'drop') this.#outbox.delete(key)
      else if (proposal.seq % 8 !== 7) this.#outbox.set(key, proposal)
    }
  }

  /** What the next start finds of the votes, and the operation that makes it so. */
  estateFor(self: ReplicaId): DurableEstate {
    const found = { votes: this.#votes, armed: this.#armed, receipts: new Map(this.#receipts) }
    return estateAtStart(found, self, this.notSent)
  }

  /** Somebody puts an older copy back, identity and all: what a restored browser profile does to a store. */
  restore(copy: Durable, start: Incarnation): void {
    this.#incarnation = start
    this.#group = copy.group
    this.#promised = copy.promised
    this.#accepted = copy.accepted
    this.#decidedEnd = copy.decidedEnd
    this.#votes = copy.estate.votes
    this.#armed = copy.estate.armed
    this.#receipts.clear()
    for (const [from, receipt] of copy.estate.receipts) this.#receipts.set(from, receipt)
    this.#compacted = copy.compacted
    this.#outbox.clear()
    this.#entries.length = 0
    for (const entry of copy.entries) this.#entries.push(entry)
  }

  #raiseDecided(end: Index): void {
    demand(end >= this.#decidedEnd, 'durable', () => 'the decided end on the disk goes back')
    demand(end <= this.logEnd, 'durable', () => 'decided beyond the log on the disk')
    this.#decidedEnd = end
  }

  read(self: ReplicaId): Durable {
    return {
      estate: this.estateFor(self),
      group: this.#group,
      promised: this.#promised,
      accepted: this.#accepted,
      compacted: this.#compacted,
      entries: [...this.#entries],
      decidedEnd: this.#decidedEnd,
      outbox: [...this.#outbox.values()],
    }
  }
}
