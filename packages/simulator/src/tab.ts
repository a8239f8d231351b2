/**
 * One browser tab: a disk, and while it is open a replica that is driven as the runtime drives it. Knows the order of
 * effects, group commit, ticks and freezing; not why it is opened or closed.
 */
import type {
  Command,
  Decided,
  Effects,
  Envelope,
  Frame,
  GroupId,
  Incarnation,
  Input,
  Instant,
  MembershipPolicy,
  Message,
  Part,
  ReplicaId,
  ReplicaState,
  ReplicaStatus,
  Snapshot,
} from '@unanimous/core/internal'
import {
  checkInvariants,
  defaultPolicy,
  dueOf,
  incarnation,
  isControl,
  isRestored,
  isUnseen,
  millis,
  noEffects,
  momentOf,
  outboxKey,
  startReplica,
  statusOf,
  stepReplica,
  wallMillis,
} from '@unanimous/core/internal'
import type { Agenda } from './agenda.ts'
import { Disk } from './disk.ts'
import type { Batch, Life, Links } from './life.ts'
import { begunLife, drawn, emptyBatch, linksOf, merge } from './life.ts'
import type { Network, Priority } from './network.ts'
import type { Rng } from './rng.ts'
import type { Parcel } from './parcel.ts'
import { captured } from './tape.ts'
import { demand } from './violation.ts'
import type { Observations } from './observations.ts'
import type { WorldOptions } from './world-options.ts'

const [tickMs, tickHiddenMs] = [50, 1000] as const
const diskSlowMs = 2000
const wallBegin = 1_700_000_000_000

/** What a tab needs of its world. */
export interface Surroundings {
  readonly agenda: Agenda
  readonly network: Network<Parcel>
  readonly rng: Rng
  readonly options: WorldOptions
  readonly watchers: readonly Observations<Tab>[]
  pack(message: Message, state: ReplicaState): Parcel
  unpack(parcel: Parcel): Frame
}

export class Tab {
  readonly name: string
  readonly id: ReplicaId
  readonly disk: Disk = new Disk()
  readonly #around: Surroundings
  /** Clocks begin anywhere. */
  readonly #clockZeroMs: number
  readonly #wallSkewMs: number
  #life: Life | undefined
  /** Writes take this much longer now. */
  diskDelayMs = 0
  /** It was told that it has no vote any more. */
  removed = false
  /** It asked to be let go. */
  leaving = false
  room = 'room'
  wanted: GroupId | undefined
  /** Tabs of one browser have the same; every tab has its own unless told. */
  profile: string
  /** Its application has no state to give. */
  unread = false
  /** How much part it takes at most, and its links before it knows of a group; undefined: to everybody. */
  role: Part = 'member'
  firstLinks: Links

  constructor(name: string, id: ReplicaId, around: Surroundings) {
    this.name = name
    this.id = id
    this.profile = id
    this.#around = around
    this.#clockZeroMs = around.rng.below(1_000_000)
    const { wallSkewMs } = around.options
    this.#wallSkewMs = around.rng.between([-wallSkewMs, wallSkewMs])
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

  /** The replica's memory; undefined while the tab is closed. For checkers: read only. */
  get state(): ReplicaState | undefined {
    return this.#life?.state
  }

  get incarnation(): Incarnation {
    return this.disk.incarnation
  }

  get outstanding(): number {
    return (this.#life?.outstanding.size ?? 0) + (this.#life?.reading.size ?? 0)
  }

  status(): ReplicaStatus | undefined {
    return this.#life === undefined ? undefined : statusOf(this.#life.state, this.#instant().now)
  }

  open(): void {
    if (this.#life !== undefined) return
    this.disk.commit([
      { type: 'start', incarnation: incarnation(this.disk.incarnation + 1) },
      { type: 'arm', armed: this.disk.estateFor(this.id).armed },
    ])
    const { id: self, room, wanted, profile, role } = this
    const { relays, logBytes = Infinity, page } = this.#around.options
    const machine = page?.(this.#around.agenda.now) ?? []
    const { state, effects } = startReplica(
      {
        ...{ self, incarnation: this.disk.incarnation, room, wanted, profile, role },
        ...{ membership: this.#policy(), relays, logBytes, machine },
      },
      this.disk.read(this.id),
      this.#instant(),
    )
    const life = begunLife(state)
    this.#life = life
    this.removed = false
    this.leaving = false
    for (const watcher of this.#around.watchers) watcher.started?.(this, effects)
    this.#enqueue(life, effects)
    this.#around.network.wish(this.id, linksOf(state, this.firstLinks))
    this.#around.network.attach({
      id: this.id,
      onFrame: (from, parcel) => {
        const frame = this.#around.unpack(parcel)
        this.#take(life, { type: 'received', from, frame })
      },
      onLink: (peer, up) => this.#take(life, { type: 'link', peer, up }),
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

  /** Pagehide: the last words go out, then as a crash. */
  close(): void {
    const life = this.#life
    if (life === undefined) return
    if (!life.frozen) {
      this.#drain(life)
      this.#sendAll(life, this.#step(life, { type: 'close' }).sendNow)
      if (life.state.protocol.estate.notSent) this.disk.notSent = this.incarnation
    }
    // The channels close behind the last frame.
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
    this.#take(life, { type: 'visibility', hidden })
    this.#tick(life)
  }

  found(): void {
    this.give({ type: 'found', nonce: this.#around.rng.hex(32) })
  }

  leave(): void {
    this.leaving = true
    this.give({ type: 'leave' })
  }

  propose(command: Command): void {
    const life = this.#life
    if (life === undefined) return
    const { seq } = life
    life.seq += 1
    for (const watcher of this.#around.watchers) watcher.proposed?.(this, seq, command)
    const proposal = { author: this.id, incarnation: this.incarnation, seq, command }
    life.outstanding.add(outboxKey(proposal))
    this.#take(life, { type: 'proposed', proposal })
  }

  /** Reads one register, by `command`, from what is applied here once that is fresh enough. */
  read(command: Command): void {
    const life = this.#life
    if (life === undefined) return
    const id = life.reads
    life.reads += 1
    life.reading.add(id)
    for (const watcher of this.#around.watchers) watcher.readBegan?.(this, id, command)
    this.#take(life, { type: 'read', id, freshness: 'linearizable' })
  }

  #policy(): MembershipPolicy {
    const { membership, voters } = this.#around.options
    return { ...defaultPolicy, ...membership, voters }
  }

  give(input: Input): void {
    if (this.#life !== undefined) this.#take(this.#life, input)
  }

  #instant(): Instant {
    const { now } = this.#around.agenda
    return {
      now: millis(now + this.#clockZeroMs),
      wall: wallMillis(wallBegin + now + this.#wallSkewMs),
    }
  }

  /** Runs once the tab is awake, if it is still the same start. */
  #whenAwake(life: Life, action: () => void): void {
    if (this.#life !== life) return
    if (life.frozen) life.missed.push(action)
    else action()
  }

  #tick(life: Life): void {
    life.timer += 1
    const { timer } = life
    this.#whenAwake(life, () => {
      const busyMs = this.#around.agenda.now - life.writingSince
      const ok = life.writing === undefined || busyMs < diskSlowMs
      if (ok !== life.storageOk) this.#take(life, { type: 'storage', ok })
      life.storageOk = ok
      this.#take(life, { type: 'tick' })
      this.#around.agenda.after(life.hidden ? tickHiddenMs : tickMs, () => {
        if (life.timer === timer) this.#tick(life)
      })
    })
  }

  #take(life: Life, input: Input): void {
    if (this.#life !== life) return
    life.inbox.push(input)
    this.#scheduleDrain(life)
  }

  #scheduleDrain(life: Life): void {
    if (life.drainScheduled || life.frozen) return
    life.drainScheduled = true
    this.#around.agenda.after(0, () => {
      life.drainScheduled = false
      if (this.#life === life && !life.frozen) this.#drain(life)
    })
  }

  #drain(life: Life): void {
    if (life.inbox.length === 0) return
    const merged = noEffects()
    const inputs = life.inbox
    life.inbox = []
    for (const input of inputs) merge(merged, this.#step(life, input))
    merge(merged, this.#step(life, { type: 'flush' }))
    this.disk.keep(merged.outbox)
    this.#around.network.wish(this.id, linksOf(life.state, this.firstLinks))
    this.#sendAll(life, merged.sendNow)
    this.#enqueue(life, merged)
  }

  #step(life: Life, input: Input): Effects {
    const effects = stepReplica(life.state, input, this.#instant())
    if (this.#around.options.checked !== false) {
      checkInvariants(life.snapshot, life.state.protocol)
      life.snapshot = momentOf(life.state.protocol)
    }
    for (const { to } of effects.sendNow) {
      demand(to !== this.id, 'effects', () => 'it tells itself what is not durable yet')
    }
    for (const watcher of this.#around.watchers) watcher.stepped?.(this, input, effects)
    return effects
  }

  #enqueue(life: Life, effects: Effects): void {
    for (const op of effects.persist) life.next.ops.push(op)
    life.next.after.push(effects)
    this.#write(life)
  }

  /** Group commit: while one write is under way, everything else piles up into the next one. */
  #write(life: Life): void {
    if (life.writing !== undefined || life.next.after.length === 0) return
    const batch = life.next
    life.next = emptyBatch()
    if (batch.ops.length === 0) return this.#afterWrite(life, batch)
    life.writing = batch
    life.writingSince = this.#around.agenda.now
    const { agenda, rng, options } = this.#around
    agenda.after(rng.between(options.diskMs) + this.diskDelayMs, () => {
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

  #afterWrite(life: Life, { after }: Batch): void {
    for (const { send } of after) this.#sendAll(life, send)
    for (const due of after.flatMap(dueOf)) this.#apply(life, due)
    for (const event of after.flatMap(({ notify }) => notify)) {
      if (event.type === 'removed') this.removed = true
      if (isUnseen(event)) life.outstanding.delete(outboxKey(event.id))
      if (event.type === 'readable') this.#answerReads(life, event.reads)
      if (event.type === 'rotationDue') this.#take(life, drawn(event))
    }
  }

  #apply(life: Life, due: Decided | Snapshot): void {
    const { application } = life
    if (isRestored(due)) {
      application.restore(due.state)
      life.appliedEnd = due.head.end
      return
    }
    application.apply(due)
    life.appliedEnd = due.index + 1
    for (const watcher of this.#around.watchers) watcher.applied?.(this, due)
    const { entry, capture } = due
    if (entry.kind === 'command' && entry.author === this.id)
      life.outstanding.delete(outboxKey(entry))
    if (capture !== undefined) {
      const snapshot = this.unread ? undefined : captured(capture, application)
      this.#take(life, { type: 'captured', end: capture.end, snapshot })
    }
  }

  #answerReads(life: Life, ids: readonly number[]): void {
    for (const id of ids) {
      life.reading.delete(id)
      for (const watcher of this.#around.watchers) watcher.readDone?.(this, id, life.appliedEnd)
    }
  }

  #sendAll(life: Life, envelopes: readonly Envelope[]): void {
    for (const { to, message } of envelopes) {
      for (const watcher of this.#around.watchers) watcher.sent?.(this, to, message)
      if (to === this.id) {
        this.#take(life, { type: 'durable', message })
        continue
      }
      const frame = this.#around.pack(message, life.state)
      const priority: Priority = isControl(message) ? 'control' : 'data'
      this.#around.network.send(this.id, to, { frame, priority })
    }
  }
}
