/**
 * One place where a baseline runs: a disk, and while it is open a machine that is driven as a tab drives a replica: effects
 * in their order, group commit, ticks, freezing. Knows no algorithm.
 */
import type { Command, Decided, Incarnation, ReplicaId, StorageOp } from '@unanimous/core/internal'
import { incarnation } from '@unanimous/core/internal'
import type { Agenda } from '../agenda.ts'
import { Disk } from '../disk.ts'
import type { Network } from '../network.ts'
import type { Rng } from '../rng.ts'
import { demand } from '../violation.ts'
import type { WorldOptions } from '../world-options.ts'
import type { Algorithm, Answer, Effects, Input, Machine, Setup } from './machine.ts'
import { nothing } from './machine.ts'

/** Timers of hidden pages fire once a second. */
const tickHiddenMs = 1000

/** What a host tells those who watch it. */
export interface HostWatcher<Message> {
  /** A step is over; nothing of it has left yet. */
  stepped?(host: Host<Message>, effects: Effects<Message>): void
  applied?(host: Host<Message>, decided: Decided): void
  answered?(host: Host<Message>, answer: Answer): void
  proposed?(host: Host<Message>, seq: number, command: Command): void
}

export interface HostSurroundings<Message> {
  readonly agenda: Agenda
  readonly network: Network<Message>
  readonly rng: Rng
  readonly options: WorldOptions
  readonly algorithm: Algorithm<Message>
  readonly voters: readonly ReplicaId[]
  readonly watcher: HostWatcher<Message>
}

interface Batch<Message> {
  readonly ops: StorageOp[]
  readonly after: Effects<Message>[]
}

interface Life<Message> {
  readonly machine: Machine<Message>
  inbox: Input<Message>[]
  drainScheduled: boolean
  next: Batch<Message>
  writing: Batch<Message> | undefined
  seq: number
  readonly outstanding: Set<number>
  frozen: boolean
  missed: (() => void)[]
  hidden: boolean
  timer: number
}

const emptyBatch = <Message>(): Batch<Message> => ({ ops: [], after: [] })

export class Host<Message> {
  readonly name: string
  readonly id: ReplicaId
  readonly disk: Disk = new Disk()
  readonly #around: HostSurroundings<Message>
  #life: Life<Message> | undefined

  constructor(name: string, id: ReplicaId, around: HostSurroundings<Message>) {
    this.name = name
    this.id = id
    this.#around = around
  }

  get isOpen(): boolean {
    return this.#life !== undefined
  }

  get isFrozen(): boolean {
    return this.#life?.frozen ?? false
  }

  get isHidden(): boolean {
    return this.#life?.hidden ?? false
  }

  get incarnation(): Incarnation {
    return this.disk.incarnation
  }

  get outstanding(): number {
    return this.#life?.outstanding.size ?? 0
  }

  /** Undefined while it is closed. For checkers: look, do not step. */
  get machine(): Machine<Message> | undefined {
    return this.#life?.machine
  }

  /** `turn`: whether it should lead to begin with. */
  open(turn?: Setup['turn']): void {
    if (this.#life !== undefined) return
    const { agenda, algorithm, voters, rng, network } = this.#around
    this.disk.commit([{ type: 'start', incarnation: incarnation(this.disk.incarnation + 1) }])
    const setup = { self: this.id, incarnation: this.incarnation, voters, rng: rng.fork(), turn }
    const life: Life<Message> = {
      machine: algorithm.start(setup, this.disk.read(this.id), agenda.now),
      inbox: [],
      drainScheduled: false,
      next: emptyBatch(),
      writing: undefined,
      seq: 0,
      outstanding: new Set(),
      frozen: false,
      missed: [],
      hidden: false,
      timer: 0,
    }
    this.#life = life
    network.attach({
      id: this.id,
      onFrame: (from, message) => this.#take(life, { type: 'received', from, message }),
      // No baseline listens to links: they judge by messages alone.
      onLink: () => undefined,
    })
    this.#tick(life)
  }

  /** Stops dead. What the disk was busy with is kept or lost, as chance has it. */
  crash(noticeMs?: number): void {
    const life = this.#life
    if (life === undefined) return
    this.#life = undefined
    if (life.writing !== undefined && this.#around.rng.chance(1, 2)) {
      this.disk.commit(life.writing.ops)
    }
    this.#around.network.detach(this.id, noticeMs)
  }

  /** None of the baselines has last words. */
  close(): void {
    this.crash(this.#around.options.latencyMs[1] + 1)
  }

  freeze(): void {
    if (this.#life !== undefined) this.#life.frozen = true
  }

  resume(): void {
    const life = this.#life
    if (life?.frozen !== true) return
    life.frozen = false
    const { missed } = life
    life.missed = []
    for (const callback of missed) if (this.#life === life) callback()
    this.#scheduleDrain(life)
  }

  hide(hidden: boolean): void {
    const life = this.#life
    if (life === undefined || life.hidden === hidden) return
    life.hidden = hidden
    this.#tick(life)
  }

  propose(command: Command): void {
    const life = this.#life
    if (life === undefined) return
    const { seq } = life
    life.seq += 1
    life.outstanding.add(seq)
    this.#around.watcher.proposed?.(this, seq, command)
    const proposal = { author: this.id, incarnation: this.incarnation, seq, command }
    this.#take(life, { type: 'proposed', proposal })
  }

  #whenAwake(life: Life<Message>, action: () => void): void {
    if (this.#life !== life) return
    if (life.frozen) life.missed.push(action)
    else action()
  }

  #tick(life: Life<Message>): void {
    life.timer += 1
    const { timer } = life
    const { agenda, algorithm } = this.#around
    this.#whenAwake(life, () => {
      this.#take(life, { type: 'tick' })
      agenda.after(life.hidden ? tickHiddenMs : algorithm.tickMs, () => {
        if (life.timer === timer) this.#tick(life)
      })
    })
  }

  #take(life: Life<Message>, input: Input<Message>): void {
    if (this.#life !== life) return
    life.inbox.push(input)
    this.#scheduleDrain(life)
  }

  #scheduleDrain(life: Life<Message>): void {
    if (life.drainScheduled || life.frozen) return
    life.drainScheduled = true
    this.#around.agenda.after(0, () => {
      life.drainScheduled = false
      if (this.#life === life && !life.frozen) this.#drain(life)
    })
  }

  #drain(life: Life<Message>): void {
    if (life.inbox.length === 0) return
    const merged = nothing<Message>()
    const inputs = life.inbox
    life.inbox = []
    for (const input of inputs) merge(merged, this.#step(life, input))
    merge(merged, this.#step(life, { type: 'flush' }))
    this.#sendAll(life, merged.sendNow)
    for (const op of merged.persist) life.next.ops.push(op)
    life.next.after.push(merged)
    this.#write(life)
  }

  #step(life: Life<Message>, input: Input<Message>): Effects<Message> {
    const effects = life.machine.step(input, this.#around.agenda.now)
    for (const { to } of effects.sendNow) {
      demand(to !== this.id, 'effects', () => `${this.name} tells itself what is not durable yet`)
    }
    this.#around.watcher.stepped?.(this, effects)
    return effects
  }

  /** Group commit: while one write is under way, everything else piles up into the next one. */
  #write(life: Life<Message>): void {
    if (life.writing !== undefined || life.next.after.length === 0) return
    const batch = life.next
    life.next = emptyBatch()
    if (batch.ops.length === 0) return this.#afterWrite(life, batch)
    life.writing = batch
    const { agenda, rng, options } = this.#around
    agenda.after(rng.between(options.diskMs), () => {
      if (this.#life !== life) return
      this.disk.commit(batch.ops)
      life.writing = emptyBatch()
      this.#whenAwake(life, () => {
        life.writing = undefined
        this.#afterWrite(life, batch)
        this.#write(life)
      })
    })
  }

  #afterWrite(life: Life<Message>, { after }: Batch<Message>): void {
    const { watcher } = this.#around
    for (const { send, apply, answer } of after) {
      this.#sendAll(life, send)
      for (const decided of apply) watcher.applied?.(this, decided)
      for (const each of answer) {
        life.outstanding.delete(each.seq)
        watcher.answered?.(this, each)
      }
    }
  }

  #sendAll(life: Life<Message>, envelopes: Effects<Message>['send']): void {
    const { algorithm, network } = this.#around
    for (const { to, message } of envelopes) {
      const why = algorithm.whyNotDurable(message, this.disk)
      demand(why === undefined, 'durable', () => `${this.name} sends ${why ?? ''}`)
      if (to === this.id) this.#take(life, { type: 'durable', message })
      else network.send(this.id, to, { frame: message, priority: 'data' })
    }
  }
}

function merge<Message>(merged: Effects<Message>, effects: Effects<Message>): void {
  for (const envelope of effects.sendNow) merged.sendNow.push(envelope)
  for (const op of effects.persist) merged.persist.push(op)
  for (const envelope of effects.send) merged.send.push(envelope)
  for (const decided of effects.apply) merged.apply.push(decided)
  for (const answer of effects.answer) merged.answer.push(answer)
}
