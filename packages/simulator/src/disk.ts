/**
 * A disk that keeps what was written to it before the lights went out, and nothing else. Knows the operations of a store;
 * when a write becomes durable is for the tab to say.
 */
import type {
  Ballot,
  Durable,
  Entry,
  Incarnation,
  Index,
  StorageOp,
} from '@unanimous/core/internal'
import { compareBallots, zeroBallot } from '@unanimous/core/internal'
import { demand } from './violation.ts'

export class Disk {
  #incarnation = 0
  #group: Durable['group']
  #promised: Ballot = zeroBallot
  #accepted: Ballot = zeroBallot
  #decidedEnd = 0 as Index
  readonly #entries: Entry[] = []

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
    }
  }

  /** Somebody puts an older copy back, identity and all: what a restored browser profile does to a store. */
  restore(copy: Durable, start: Incarnation): void {
    this.#incarnation = start
    this.#group = copy.group
    this.#promised = copy.promised
    this.#accepted = copy.accepted
    this.#decidedEnd = copy.decidedEnd
    this.#entries.length = 0
    for (const entry of copy.entries) this.#entries.push(entry)
  }

  #raiseDecided(end: Index): void {
    demand(end >= this.#decidedEnd, 'durable', () => 'the decided end on the disk goes back')
    demand(end <= this.#entries.length, 'durable', () => 'decided beyond the log on the disk')
    this.#decidedEnd = end
  }

  read(): Durable {
    return {
      group: this.#group,
      promised: this.#promised,
      accepted: this.#accepted,
      entries: [...this.#entries],
      decidedEnd: this.#decidedEnd,
    }
  }
}
