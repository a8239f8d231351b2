/**
 * A disk that keeps what was written to it before the lights went out, and nothing else. Knows the operations of a store;
 * when a write becomes durable is for the tab to say.
 */
import type {
  Armed,
  Ballot,
  Durable,
  DurableEstate,
  Entry,
  Incarnation,
  Index,
  Receipt,
  ReplicaId,
  StorageOp,
  VoteId,
} from '@unanimous/core/internal'
import { compareBallots, estateAtStart, zeroBallot } from '@unanimous/core/internal'
import { demand } from './violation.ts'

export class Disk {
  #incarnation = 0
  #group: Durable['group']
  #promised: Ballot = zeroBallot
  #accepted: Ballot = zeroBallot
  #decidedEnd = 0 as Index
  readonly #entries: Entry[] = []
  #votes: readonly VoteId[] | undefined
  #armed: Armed | undefined
  readonly #receipts = new Map<ReplicaId, Receipt>()
  /** Beside the store, written at once: the start that closed without a bequest. */
  notSent: number | undefined

  get promised(): Ballot {
    return this.#promised
  }

  get accepted(): Ballot {
    return this.#accepted
  }

  get logEnd(): number {
    return this.#entries.length
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
        this.#group = { id: op.group, epoch: op.epoch, genesis: op.genesis }
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
        demand(op.from <= this.#entries.length, 'durable', () => 'a hole in the log on the disk')
        demand(op.from >= this.#decidedEnd, 'durable', () => 'a write cuts off what is decided')
        this.#entries.length = op.from
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
    this.#entries.length = 0
    for (const entry of copy.entries) this.#entries.push(entry)
  }

  #raiseDecided(end: Index): void {
    demand(end >= this.#decidedEnd, 'durable', () => 'the decided end on the disk goes back')
    demand(end <= this.#entries.length, 'durable', () => 'decided beyond the log on the disk')
    this.#decidedEnd = end
  }

  read(self: ReplicaId): Durable {
    return {
      estate: this.estateFor(self),
      group: this.#group,
      promised: this.#promised,
      accepted: this.#accepted,
      entries: [...this.#entries],
      decidedEnd: this.#decidedEnd,
    }
  }
}
