/** A running replica: the one loop that drives the transition, and the doors to it. Knows no browser and no wire. */
import { errorOf } from '../base/assert.ts'
import { MachineDiverged, StorageError, Superseded } from '../base/errors.ts'
import type { Effects, ReplicaEvent } from '../protocol/effects.ts'
import { isUnseen, noEffects } from '../protocol/effects.ts'
import type { Command, Entry } from '../protocol/entry.ts'
import type { GroupId, Incarnation, ReplicaId } from '../protocol/ids.ts'
import type { Envelope } from '../protocol/message.ts'
import { outboxKey } from '../protocol/state.ts'
import type { Input } from '../replica/input.ts'
import { lacksVersion } from '../replica/machine-version.ts'
import type { ReplicaStatus } from '../replica/status.ts'
import { statusOf } from '../replica/status.ts'
import { stepReplica } from '../replica/step.ts'
import type { ApplierParts } from './applier.ts'
import { applyAll } from './applier.ts'
import { Courier } from './courier.ts'
import type { Digest } from './digest.ts'
import { digestUpTo } from './digest.ts'
import { DiskWatch, diskSlowMs, diskStuckMs } from './disk-watch.ts'
import type { GroupSecrets } from './group-secrets.ts'
import { Inbox } from './inbox.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { InvariantCount } from './invariant-watch.ts'
import { InvariantWatch } from './invariant-watch.ts'
import type { Observers } from './observers.ts'
import { createObservers } from './observers.ts'
import { Outstanding, unseenFates } from './outstanding.ts'
import { OutboxWriter } from './outbox-writer.ts'
import type { Proposed, Resumed } from './outstanding.ts'
import type { Figures, Problem, RuntimeEvent } from './news.ts'
import type { Consistency, Read } from './reading.ts'
import { ended, Reading } from './reading.ts'
import { Recorder } from './recorder.ts'
import type { ReplicaParts } from './replica-parts.ts'
import { ownerOf, secretsOf } from './replica-secrets.ts'
import { Requests } from './requests.ts'
import { StoredWatch } from './stored-watch.ts'
import { VersionGate } from './version-gate.ts'
import { admit } from './reception.ts'
import type { AfterWrites } from './writer.ts'
import { Writer } from './writer.ts'

const tickMs = 50

/** One replica of a group, from `start` to `closeNow` or to the first thing that must not be. */
export class Replica<Outcome> {
  readonly #parts: ReplicaParts<Outcome>
  readonly #writer: Writer
  readonly #inbox = new Inbox(() => this.#drain())
  readonly #courier: Courier
  readonly #observers: Observers<RuntimeEvent>
  readonly #outstanding = new Outstanding<Outcome>()
  readonly #stored = new StoredWatch()
  readonly #applier: ApplierParts<Outcome>
  readonly #outbox: OutboxWriter | undefined
  readonly #reading: Reading
  /** What the store had asked for before this start, and had not heard of. */
  readonly resumed: readonly Resumed<Outcome>[]
  readonly #disk = new DiskWatch()
  readonly #invariants: InvariantWatch | undefined
  /** What takes longer than a call. */
  readonly requests: Requests
  /** Of the group: by which of them links are made. */
  readonly secrets: GroupSecrets
  /** The newest moments of this replica's life; nothing depends on them. */
  readonly trace: Recorder
  #lifecycle: Lifecycle = { state: 'created' }
  #seq = 0
  #status: ReplicaStatus | undefined
  #storageOk = true

  constructor(parts: ReplicaParts<Outcome>) {
    this.#parts = parts
    const { machine, transport, codec, state, seals, entries, watchInvariants } = parts
    const { self, incarnation } = state.options
    const { protocol } = state
    this.resumed = parts.resumed.map((proposal) => this.#outstanding.resume(proposal))
    const { outbox } = parts.storage
    this.#outbox = outbox && new OutboxWriter(outbox, incarnation, parts.kept)
    this.#reading = new Reading(parts.clock, (input) => this.#take(input))
    const gate = new VersionGate({
      ...{ versions: machine.versions, outstanding: this.#outstanding, reading: this.#reading },
      tell: (error) => this.#observers.publish({ type: 'versionMissing', error }),
    })
    this.#applier = { machine, protocol, entries, outstanding: this.#outstanding, self, gate }
    this.requests = new Requests({
      clock: parts.clock,
      isRunning: () => this.#isRunning(),
      subscribe: (listener) => this.subscribe(listener),
      take: (input) => this.#take(input),
    })
    this.#observers = createObservers((error) => this.#report({ type: 'listenerThrew', error }))
    this.trace = new Recorder(
      parts.clock,
      createObservers((error) => this.#report({ type: 'listenerThrew', error })),
    )
    this.#courier = new Courier({ transport, codec, state, seals, trace: this.trace })
    this.#invariants = watchInvariants ? new InvariantWatch(state.protocol) : undefined
    this.secrets = secretsOf(parts, this.#observers, () => this.#writer)
    this.#writer = new Writer({
      storage: parts.storage,
      entries: parts.entries,
      end: parts.journalEnd,
      owner: () => ownerOf(parts, this.secrets),
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
    const { transport, clock, storage, state } = this.#parts
    this.trace.look(state)
    const stopTicks = clock.every(tickMs, () => this.#onTick())
    this.#lifecycle = { state: 'running', stopTicks }
    transport.start({
      onMessage: (from, bytes) => this.#onMessage(from, bytes),
      onLink: (peer, linkState) => this.#onLink(peer, linkState === 'up'),
    })
    // A store that is lost already halts this replica here and now, before it did anything.
    storage.onLost((why) => this.#halt(new StorageError(why)))
    this.#perform(begun)
    this.secrets.look()
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
      ...this.trace.figures(),
      proposals: this.#outstanding.count,
      proposalBytes: this.#outstanding.bytes,
    }
  }

  /** Empty unless this replica was told to watch them. */
  invariants(): readonly InvariantCount[] {
    return this.#invariants?.counts() ?? []
  }

  /** Decided entries, [from, end), as far as they are not only summed up; read only. */
  decided(from: number, end: number): readonly Entry[] {
    const { log, decidedEnd } = this.#parts.state.protocol
    return log.entries.slice(
      ...[from, Math.min(end, decidedEnd)].map((at) => Math.max(0, at - log.base)),
    )
  }

  /** Over the first `end` decided entries; over all of them when there are fewer. */
  digest(end: number): Digest {
    return digestUpTo(this.#parts.state.protocol, end, this.#parts.entries)
  }

  /** Asks the group to decide on a command. Its fate resolves once; it never rejects. */
  propose(command: Command): Proposed<Outcome> {
    const { state } = this.#lifecycle
    if (state === 'halted') return { ok: false, reason: 'halted' }
    if (state !== 'running') return { ok: false, reason: 'closed' }
    const reason = this.#outstanding.whyNot(command.length, lacksVersion(this.#parts.state))
    if (reason !== undefined) return { ok: false, reason }
    const seq = this.#seq
    const proposal = { author: this.id, incarnation: this.incarnation, seq, command }
    if (!this.#take({ type: 'proposed', proposal })) return { ok: false, reason: 'overloaded' }
    this.#seq += 1
    return { ok: true, seq, ...this.#outstanding.add(outboxKey(proposal), command.length) }
  }

  /** Takes a proposal back if no leader has been handed it yet; else nothing happens. */
  withdraw(seq: number): void {
    this.#take({ type: 'withdrawn', seq })
  }

  /** Waits until what is applied here is fresh enough to be read. `local` answers always, also when this replica has ended. */
  read(consistency: Consistency, timeoutMs: number): Read {
    const { state } = this.#lifecycle
    if (state === 'running' || consistency === 'local') {
      return this.#reading.begin(consistency, timeoutMs)
    }
    return ended({ ok: false, why: state === 'halted' ? 'halted' : 'closed' })
  }

  /** `nonce`: 32 hex digits of chance. */
  found(nonce: string): void {
    this.#take({ type: 'found', nonce })
  }

  /** Tells all members at once, past the log; the caller keeps to `presenceBytesMax` and `presencePerSecond`. */
  show(shown: Uint8Array): void {
    this.#take({ type: 'show', shown })
  }

  /** A hint that `peer` may be gone: it is asked, and is down if it does not answer soon. */
  readonly suspect = (peer: ReplicaId): boolean => this.#take({ type: 'suspected', peer })

  setHidden(hidden: boolean): void {
    this.#take({ type: 'visibility', hidden })
  }

  /** The page is about to stand still: a leader hands over. What it says leaves before this returns. */
  freeze(): void {
    this.#take({ type: 'freezing' })
    this.#drain()
  }

  /** Resolves when this replica has no vote any more, or after `timeoutMs`; true: it was let go. */
  leave(timeoutMs: number): Promise<boolean> {
    return this.requests.leave(timeoutMs)
  }

  /** Hands over, says good-bye and falls silent, synchronously: for `pagehide`. Idempotent. */
  closeNow(): void {
    if (this.#lifecycle.state !== 'running') return
    this.#drain()
    if (this.#isRunning()) this.#sendAll(this.#step([{ type: 'close' }]).sendNow)
    if (this.#isRunning()) this.#stop({ state: 'closed' }, 'closed')
    this.trace.note({ type: 'closed' })
    this.#parts.transport.closeNow()
    this.#changed()
  }

  #isRunning(): boolean {
    return this.#lifecycle.state === 'running'
  }

  #onTick(): void {
    const busyMs = this.#disk.look(this.#writer.underWay, this.#parts.clock.now())
    if (busyMs > diskStuckMs) {
      this.#halt(new StorageError('A write has been waiting for 30 seconds: the disk is blocked.'))
      return
    }
    const ok = busyMs < diskSlowMs
    if (ok !== this.#storageOk && this.#take({ type: 'storage', ok })) this.#storageOk = ok
    this.#reading.look()
    this.#take({ type: 'tick' })
  }

  #onMessage(from: ReplicaId, bytes: Uint8Array): void {
    if (!this.#isRunning()) return
    const frame = admit(this.#parts, from, bytes)
    if (!frame.ok) return this.#report({ type: 'badFrame', from, ...frame.because })
    this.trace.received(from, frame.message, bytes.length)
    this.#take(frame.input)
  }

  #onLink(peer: ReplicaId, up: boolean): void {
    if (this.#take({ type: 'link', peer, up })) this.trace.note({ type: 'link', peer, up })
  }

  #take(input: Input): boolean {
    if (!this.#isRunning()) return false
    if (this.#inbox.push(input)) return true
    this.#report({ type: 'inboxFull' })
    return false
  }

  #drain(): void {
    if (!this.#isRunning() || this.#inbox.isEmpty) return
    const effects = this.#step([...this.#inbox.takeAll(), { type: 'flush' }])
    this.#courier.keepLinks()
    this.#perform(effects)
    if (this.#isRunning()) this.secrets.look()
    this.#changed()
  }

  /** All of `inputs`, as one moment and with one record of effects. */
  #step(inputs: readonly Input[]): Effects {
    const { state, clock } = this.#parts
    const instant = { now: clock.now(), wall: clock.wall() }
    const effects = noEffects()
    try {
      for (const input of inputs) {
        stepReplica(state, input, instant, effects)
        this.#invariants?.look()
        this.trace.look(state)
      }
      this.#stored.look(state.protocol, (key, index) => this.#outstanding.store(key, index))
    } catch (cause) {
      this.#halt(errorOf(cause))
    }
    return effects
  }

  /** Effects that got lost on their way would leave the memory ahead of a disk that nobody writes any more. */
  #perform(effects: Effects): void {
    if (!this.#isRunning()) return
    try {
      this.#outbox?.take(effects.outbox)
      this.#sendAll(effects.sendNow)
      this.#writer.enqueue(effects)
    } catch (cause) {
      this.#halt(errorOf(cause))
    }
  }

  #afterWrites(after: AfterWrites): void {
    if (!this.#isRunning()) return
    this.#sendAll(after.send)
    try {
      for (const answer of applyAll(this.#applier, after, () => this.#isRunning())) {
        this.#take(answer)
      }
    } catch (cause) {
      this.#halt(errorOf(cause))
    }
    if (!this.#isRunning()) return
    for (const event of after.notify) this.#tell(event)
    if (after.apply.length + after.restore.length > 0) this.#changed()
  }

  #tell(event: ReplicaEvent): void {
    if (event.type === 'ignored') this.#onIgnored(event)
    else if (event.type === 'diverged') this.#halt(new MachineDiverged(event.end))
    else if (event.type === 'rotationDue') this.#take(this.secrets.draw(event))
    else if (event.type === 'superseded') this.#halt(new Superseded(event.covered))
    else if (event.type === 'readable') this.#reading.onReadable(event.reads)
    else if (isUnseen(event)) this.#outstanding.settle(outboxKey(event.id), unseenFates[event.type])
    else this.#observers.publish(event)
  }

  #onIgnored(event: Extract<ReplicaEvent, { type: 'ignored' }>): void {
    const { from: peer, message: kind, reason } = event
    this.trace.note({ type: 'ignored', peer, kind, reason })
    this.#report(event)
  }

  #sendAll(envelopes: readonly Envelope[]): void {
    for (const { to, message } of envelopes) {
      if (to === this.id) this.#take({ type: 'durable', message })
      else this.#courier.send(to, message)
    }
  }

  #changed(): void {
    this.#status = undefined
    this.#observers.publish({ type: 'changed' })
  }

  /** A replica whose write failed, or whose own rules are broken, falls silent: it may have forgotten a promise. */
  #halt(error: Error): void {
    if (!this.#isRunning()) return
    this.trace.note({ type: 'halted', why: error.message })
    this.#stop({ state: 'halted', error }, 'halted')
    this.#parts.transport.closeNow()
    this.#observers.publish({ type: 'halted', error })
    this.#changed()
  }

  #stop(lifecycle: Lifecycle, why: 'closed' | 'halted'): void {
    if (this.#lifecycle.state === 'running') this.#lifecycle.stopTicks()
    this.#lifecycle = lifecycle
    this.#writer.stop()
    this.#reading.abandon(why)
    const { outbox } = this.#parts.state.protocol
    // One that is not in the outbox any more is decided, and was waiting for the disk.
    this.#outstanding.abandon((key) => {
      const pending = outbox.get(key)
      const kept = pending !== undefined && pending.handedTo === undefined
      return kept ? { kind: 'withdrawn' } : { kind: 'unknown', why }
    })
  }

  /** Whoever listens to problems is no part of the loop either. */
  #report(problem: Problem): void {
    try {
      this.#parts.report(problem)
    } catch {
      // There is nobody left to tell.
    }
  }
}
