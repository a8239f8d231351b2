/** A running replica: the one loop that drives the transition, and the doors to it. Knows no browser and no wire. */
import { InvariantViolation } from '../base/assert.ts'
import { BoundedQueue } from '../base/bounded-queue.ts'
import { StorageError } from '../base/errors.ts'
import type { MessageCodec } from '../codec/message-codec.ts'
import type { Clock } from '../ports/clock.ts'
import type { StateMachine } from '../ports/state-machine.ts'
import type { Storage } from '../ports/storage.ts'
import type { Priority, Transport } from '../ports/transport.ts'
import type { Decided, Effects, ReplicaEvent } from '../protocol/effects.ts'
import { noEffects } from '../protocol/effects.ts'
import type { Command, Entry } from '../protocol/entry.ts'
import type { GroupId, Incarnation, ReplicaId } from '../protocol/ids.ts'
import { commandBytesMax, proposalBytesMax, proposalsMax } from '../protocol/limits.ts'
import type { Envelope, Message } from '../protocol/message.ts'
import type { Input } from '../replica/input.ts'
import type { ReplicaState } from '../replica/state.ts'
import type { ReplicaStatus } from '../replica/status.ts'
import { statusOf } from '../replica/status.ts'
import { stepReplica } from '../replica/step.ts'
import type { Digest } from './digest.ts'
import { digestOf } from './digest.ts'
import type { Observers } from './observers.ts'
import { createObservers } from './observers.ts'
import { Outstanding } from './outstanding.ts'
import type { Fate } from './outstanding.ts'
import type { AfterWrites } from './writer.ts'
import { Writer } from './writer.ts'
import type { JournalEnd } from '../codec/journal.ts'
import type { EntriesCodec } from '../codec/entries-codec.ts'

const tickMs = 50
/** Inputs that wait for the loop: it empties each turn, so this many mean that the page is stuck. */
const inboxLengthMax = 16_384
/** A write this slow makes a replica doubt its disk; one this slow, give up on it. */
const diskSlowMs = 2000
const diskStuckMs = 30_000

const controlTypes = new Set<Message['type']>([
  'beacon',
  'prepare',
  'nack',
  'gap',
  'takeOver',
  'join',
  'leave',
  'left',
  'welcome',
])

/** Something that a dashboard may want to know and that the group goes on without. */
export type Problem =
  | {
      readonly type: 'badFrame'
      readonly from: ReplicaId
      readonly why: string
      readonly detail: string
    }
  | {
      readonly type: 'ignored'
      readonly from: ReplicaId
      readonly message: string
      readonly reason: string
    }
  | { readonly type: 'inboxFull' }
  | { readonly type: 'listenerThrew'; readonly error: unknown }

/** What listeners are told, beside `changed`: something that `status()` shows is new. */
export type RuntimeEvent =
  | Exclude<ReplicaEvent, { type: 'ignored' | 'withdrawn' }>
  | { readonly type: 'changed' }
  | { readonly type: 'halted'; readonly error: Error }

export type Refusal = 'tooLarge' | 'overloaded' | 'halted' | 'closed'

export type Proposed<Outcome> =
  | { readonly ok: true; readonly seq: number; readonly fate: Promise<Fate<Outcome>> }
  | { readonly ok: false; readonly reason: Refusal }

export interface ReplicaParts<Outcome> {
  readonly state: ReplicaState
  readonly storage: Storage
  readonly transport: Transport
  readonly clock: Clock
  readonly machine: StateMachine<Outcome>
  readonly codec: MessageCodec
  readonly entries: EntriesCodec
  readonly journalEnd: JournalEnd
  readonly report: (problem: Problem) => void
}

export type Lifecycle =
  | { readonly state: 'created' }
  | { readonly state: 'running'; readonly stopTicks: () => void }
  | { readonly state: 'closed' }
  | { readonly state: 'halted'; readonly error: Error }

/** Figures for a dashboard; all count from the start of this replica. */
export interface Figures {
  readonly commits: number
  readonly journalBytes: number
  readonly framesSent: number
  readonly framesReceived: number
}

export class Replica<Outcome> {
  readonly #parts: ReplicaParts<Outcome>
  readonly #writer: Writer
  readonly #inbox = new BoundedQueue<Input>(inboxLengthMax)
  readonly #observers: Observers<RuntimeEvent>
  readonly #outstanding = new Outstanding<Outcome>()
  #lifecycle: Lifecycle = { state: 'created' }
  #drainScheduled = false
  #seq = 0
  #status: ReplicaStatus | undefined
  #encoded: { readonly message: Message; readonly bytes: Uint8Array } | undefined
  #framesSent = 0
  #framesReceived = 0
  #storageOk = true

  constructor(parts: ReplicaParts<Outcome>) {
    this.#parts = parts
    this.#observers = createObservers((error) => parts.report({ type: 'listenerThrew', error }))
    this.#writer = new Writer({
      storage: parts.storage,
      entries: parts.entries,
      end: parts.journalEnd,
      now: () => parts.clock.now(),
      done: (after) => this.#afterWrites(after),
      failed: (error) => this.#halt(error),
    })
  }

  get id(): ReplicaId {
    return this.#parts.state.options.self
  }

  get incarnation(): Incarnation {
    return this.#parts.state.options.incarnation
  }

  get group(): GroupId | undefined {
    return this.#parts.state.group?.id
  }

  get lifecycle(): Lifecycle {
    return this.#lifecycle
  }

  /** Connects the loop to the links and the clock. `begun`: what the start of the state wants done. */
  start(begun: Effects): void {
    if (this.#lifecycle.state !== 'created') return
    const { transport, clock, storage } = this.#parts
    this.#lifecycle = {
      state: 'running',
      stopTicks: clock.every(tickMs, () => this.#onTick()),
    }
    storage.onLost((why) => this.#halt(new StorageError(why)))
    transport.start({
      onMessage: (from, bytes) => this.#onMessage(from, bytes),
      onLink: (peer, state) => this.#take({ type: 'link', peer, up: state === 'up' }),
    })
    this.#perform(begun)
    this.#take({ type: 'tick' })
  }

  /** The application listens here; nothing that a listener does or throws reaches the loop. */
  subscribe(listener: (event: RuntimeEvent) => void): () => void {
    return this.#observers.subscribe(listener)
  }

  /** The same object until something changes. */
  status(): ReplicaStatus {
    this.#status ??= statusOf(this.#parts.state, this.#parts.clock.now())
    return this.#status
  }

  figures(): Figures {
    return {
      commits: this.#writer.commits,
      journalBytes: this.#writer.bytes,
      framesSent: this.#framesSent,
      framesReceived: this.#framesReceived,
    }
  }

  /** Decided entries, [from, end); read only. */
  decided(from: number, end: number): readonly Entry[] {
    const { log, decidedEnd } = this.#parts.state.protocol
    return log.entries.slice(from, Math.min(end, decidedEnd))
  }

  /** Over the first `end` decided entries; over all of them when there are fewer. */
  digest(end: number): Digest {
    return digestOf(this.decided(0, end), this.#parts.entries)
  }

  /** Asks the group to decide on a command. Its fate resolves once; it never rejects. */
  propose(command: Command): Proposed<Outcome> {
    const { state } = this.#lifecycle
    if (state === 'halted') return { ok: false, reason: 'halted' }
    if (state !== 'running') return { ok: false, reason: 'closed' }
    if (command.length > commandBytesMax) return { ok: false, reason: 'tooLarge' }
    const { count, bytes } = this.#outstanding
    if (count >= proposalsMax || bytes + command.length > proposalBytesMax) {
      return { ok: false, reason: 'overloaded' }
    }
    const seq = this.#seq
    const proposal = { author: this.id, incarnation: this.incarnation, seq, command }
    if (!this.#take({ type: 'proposed', proposal })) return { ok: false, reason: 'overloaded' }
    this.#seq += 1
    return { ok: true, seq, fate: this.#outstanding.add(seq, command.length) }
  }

  /** Takes a proposal back if no leader has been handed it yet; else nothing happens. */
  withdraw(seq: number): void {
    this.#take({ type: 'withdrawn', seq })
  }

  /** `nonce`: 32 hex digits of chance. */
  found(nonce: string): void {
    this.#take({ type: 'found', nonce })
  }

  setHidden(hidden: boolean): void {
    this.#take({ type: 'visibility', hidden })
  }

  /** Resolves when this replica has no vote any more, or after `timeoutMs`; true: it was let go. */
  async leave(timeoutMs: number): Promise<boolean> {
    if (this.#lifecycle.state !== 'running') return false
    const { clock } = this.#parts
    const deadline = clock.now() + timeoutMs
    const stop: (() => void)[] = []
    const left = await new Promise<boolean>((resolve) => {
      stop.push(
        clock.every(tickMs, () => {
          if (clock.now() >= deadline || !this.#isRunning()) resolve(false)
        }),
        this.subscribe(({ type }) => {
          if (type === 'removed') resolve(true)
        }),
      )
      this.#take({ type: 'leave' })
    })
    for (const end of stop) end()
    return left
  }

  /** Hands over, says good-bye and falls silent, synchronously: for `pagehide`. Idempotent. */
  closeNow(): void {
    if (this.#lifecycle.state !== 'running') return
    this.#drain()
    if (this.#isRunning()) this.#sendAll(this.#step({ type: 'close' }).sendNow)
    if (this.#isRunning()) this.#stop({ state: 'closed' }, 'closed')
    this.#parts.transport.closeNow()
  }

  #isRunning(): boolean {
    return this.#lifecycle.state === 'running'
  }

  #onTick(): void {
    const busyMs = this.#writer.busyMs()
    if (busyMs > diskStuckMs) {
      this.#halt(new StorageError('A write has been waiting for 30 seconds: the disk is blocked.'))
      return
    }
    const ok = busyMs < diskSlowMs
    if (ok !== this.#storageOk) this.#take({ type: 'storage', ok })
    this.#storageOk = ok
    this.#take({ type: 'tick' })
  }

  #onMessage(from: ReplicaId, bytes: Uint8Array): void {
    if (!this.#isRunning()) return
    this.#framesReceived += 1
    const decoded = this.#parts.codec.decode(bytes)
    if (decoded.ok) {
      this.#take({ type: 'received', from, frame: decoded.frame })
    } else {
      const { why, detail } = decoded
      this.#parts.report({ type: 'badFrame', from, why, detail })
    }
  }

  #take(input: Input): boolean {
    if (!this.#isRunning()) return false
    if (!this.#inbox.push(input)) {
      this.#parts.report({ type: 'inboxFull' })
      return false
    }
    this.#scheduleDrain()
    return true
  }

  /** A microtask: whatever the page does in one go becomes one batch. */
  #scheduleDrain(): void {
    if (this.#drainScheduled) return
    this.#drainScheduled = true
    queueMicrotask(() => {
      this.#drainScheduled = false
      this.#drain()
    })
  }

  #drain(): void {
    if (!this.#isRunning() || this.#inbox.length === 0) return
    const merged = noEffects()
    for (const input of this.#inbox.takeAll()) {
      mergeInto(merged, this.#step(input))
      if (!this.#isRunning()) return
    }
    mergeInto(merged, this.#step({ type: 'flush' }))
    if (!this.#isRunning()) return
    this.#perform(merged)
    this.#changed()
  }

  #step(input: Input): Effects {
    const { state, clock } = this.#parts
    try {
      return stepReplica(state, input, { now: clock.now(), wall: clock.wall() })
    } catch (cause) {
      this.#halt(cause instanceof Error ? cause : new InvariantViolation(String(cause)))
      return noEffects()
    }
  }

  #perform(effects: Effects): void {
    this.#sendAll(effects.sendNow)
    this.#writer.enqueue(effects)
  }

  #afterWrites(after: AfterWrites): void {
    if (!this.#isRunning()) return
    this.#sendAll(after.send)
    for (const decided of after.apply) {
      this.#apply(decided)
      if (!this.#isRunning()) return
    }
    for (const event of after.notify) this.#tell(event)
    if (after.apply.length > 0) this.#changed()
  }

  #apply({ entry, index, repeat }: Decided): void {
    if (entry.kind !== 'command' || repeat) return
    let result: Outcome
    try {
      result = this.#parts.machine.apply({ ...entry, index })
    } catch (cause) {
      this.#halt(new Error('The application’s machine threw while applying.', { cause }))
      return
    }
    if (entry.author === this.id && entry.incarnation === this.incarnation) {
      this.#outstanding.settle(entry.seq, { kind: 'decided', index, result })
    }
  }

  #tell(event: ReplicaEvent): void {
    if (event.type === 'ignored') return this.#parts.report(event)
    if (event.type === 'withdrawn') {
      return this.#outstanding.settle(event.id.seq, { kind: 'withdrawn' })
    }
    this.#observers.publish(event)
  }

  #sendAll(envelopes: readonly Envelope[]): void {
    for (const { to, message } of envelopes) {
      if (to === this.id) this.#take({ type: 'durable', message })
      else this.#send(to, message)
    }
  }

  #send(to: ReplicaId, message: Message): void {
    const { transport, codec, state } = this.#parts
    if (this.#encoded?.message !== message) {
      this.#encoded = { message, bytes: codec.encode(message, state.group) }
    }
    const priority: Priority = controlTypes.has(message.type) ? 'control' : 'data'
    if (transport.send(to, this.#encoded.bytes, priority)) this.#framesSent += 1
  }

  #changed(): void {
    this.#status = undefined
    this.#observers.publish({ type: 'changed' })
  }

  /** A replica whose write failed, or whose own rules are broken, falls silent: it may have forgotten a promise. */
  #halt(error: Error): void {
    if (!this.#isRunning()) return
    this.#stop({ state: 'halted', error }, 'halted')
    this.#parts.transport.closeNow()
    this.#observers.publish({ type: 'halted', error })
    this.#changed()
  }

  #stop(lifecycle: Lifecycle, why: 'closed' | 'halted'): void {
    if (this.#lifecycle.state === 'running') this.#lifecycle.stopTicks()
    this.#lifecycle = lifecycle
    this.#writer.stop()
    const { outbox } = this.#parts.state.protocol
    this.#outstanding.abandon((seq) =>
      outbox.get(seq)?.handedTo === undefined ? { kind: 'withdrawn' } : { kind: 'unknown', why },
    )
  }
}

function mergeInto(merged: Effects, effects: Effects): void {
  merged.sendNow.push(...effects.sendNow)
  merged.persist.push(...effects.persist)
  merged.send.push(...effects.send)
  for (const decided of effects.apply) merged.apply.push(decided)
  merged.notify.push(...effects.notify)
}
