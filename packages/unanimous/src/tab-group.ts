/** A group in this tab: the replica, the mesh and the page behind the door that applications hold. */
import type { Clock, Refounded, RuntimeEvent, TraceEvent } from '@unanimous/core'
import { Superseded, createObservers } from '@unanimous/core'
import { untilAborted } from './abort.ts'
import { Absence } from './absence.ts'
import type { Admin } from './admin.ts'
import type { Archive } from './archive.ts'
import { CarriedState } from './carried-state.ts'
import { coalesce } from './coalesce.ts'
import type { Faults } from './faults.ts'
import type { NamedCommand } from './command-codec.ts'
import { complain } from './complaint.ts'
import { conflictOf, mayFound, strangersAmong, whyJoining } from './founding.ts'
import type { RoomView } from './founding.ts'
import type { Group, GroupEvents } from './group.ts'
import type { HookedOperation } from './hook.ts'
import type { Inspect } from './inspect.ts'
import type { Invitation } from './invite.ts'
import { inviteTo } from './invite.ts'
import type { Json } from './json.ts'
import type { Life } from './life.ts'
import { beginsAnew, isStorageFailure, joinsAnew, putAway } from './life.ts'
import type { Commands, MemberId } from './machine.ts'
import { Memo } from './memo.ts'
import type { PageLife } from './page-life.ts'
import type { Proposal, ProposeOptions, Resumed } from './proposal.ts'
import { ProposalTally } from './proposal-tally.ts'
import type { Proposer } from './propose.ts'
import { proposeTo } from './propose.ts'
import { resumedIn } from './resumed.ts'
import type { ReadOptions } from './read.ts'
import { readFrom } from './read.ts'
import type { GroupStatus, RoomConflict } from './status.ts'
import type { Beginning, LastKnown, ReadyStay, Stay } from './stay.ts'
import { endStay, lastKnown } from './stay.ts'
import { TabEvents } from './tab-events.ts'
import { createAdmin } from './tab-admin.ts'
import { createInspect } from './tab-inspect.ts'
import { TabPresence } from './tab-presence.ts'
import { tabStatus } from './tab-status.ts'

export interface TabParts<S, C extends Commands<S>> {
  readonly stay: Stay<S, C>
  /** Begins another stay, under the same identity if nobody took it meanwhile; with what this tab knew last. */
  readonly reopen: (known: LastKnown, beginning: Beginning) => Promise<ReadyStay<S, C>>
  readonly commandNames: readonly string[]
  /** Which machine archives name. */
  readonly machine: Archive['machine']
  /** What invites say beside the group. */
  readonly invite: Omit<Invitation, 'group' | 'secret'>
  /** What invites are made of. */
  readonly address: () => string
  readonly policy: RoomView['policy']
  readonly nonce: () => string
  readonly clock: Clock
  /** Tells what happens to the page; returns how to stop. */
  readonly watchPage: (life: PageLife) => () => void
  readonly ignored: ReadonlyMap<string, number>
  readonly faults: Faults | undefined
  /** Called with each command of this tab. */
  readonly onProposed: (operation: HookedOperation) => void
}

/** Listeners hear of changes this often at most: a frame of a screen. */
const changePauseMs = 16
const leaveMsMax = 5000
export class TabGroup<S, C extends Commands<S>> implements Group<S, C> {
  readonly #parts: TabParts<S, C>
  readonly #carried = new CarriedState<S>()
  readonly #traced = createObservers<TraceEvent>(complain)
  readonly #changes = createObservers<undefined>(complain)
  readonly #events = new TabEvents()
  readonly #coalesced = coalesce(() => this.#tellChanges(), changePauseMs)
  readonly #status = new Memo<GroupStatus>()
  /** What ends with the stay. */
  readonly #stops: (() => void)[] = []
  readonly #tally: ProposalTally
  readonly do: Group<S, C>['do']
  readonly inspect: Inspect
  readonly presence: TabPresence
  readonly admin: Admin
  #told: { readonly status: GroupStatus; readonly state: S } | undefined
  #stay: Stay<S, C>
  readonly #absence = new Absence()
  readonly #proposer: Proposer = {
    replica: () => this.#stay.replica,
    absence: () => this.#absence.over,
    whyNot: (command: NamedCommand) => this.#stay.runner.whyNot(command),
  }
  readonly resumed: readonly Resumed[]
  #life: Life = { state: 'here' }
  #comebacks = 0
  #stopWatching: (() => void) | undefined
  #hidden = false
  #erases = false
  /** It was in a group: another one in its place would be none of anybody's wishes. */
  #foundsNone = false
  #ended = Promise.resolve()
  #conflict: RoomConflict | undefined

  constructor(parts: TabParts<S, C>) {
    this.#parts = parts
    this.#stay = parts.stay
    const { ignored, clock, faults } = parts
    this.#tally = new ProposalTally(() => clock.now())
    this.inspect = createInspect({
      ...{ ignored, clock, faults, tally: this.#tally },
      replica: () => this.#stay.replica,
      onTrace: (listener) => this.#traced.subscribe(listener),
    })
    this.presence = new TabPresence(clock)
    this.do = this.#commands()
    this.admin = createAdmin({
      machine: parts.machine,
      replica: () => (this.#life.state === 'here' ? this.#stay.replica : undefined),
      beginAnew: () => this.#restart(beginsAnew, 'anew'),
    })
    this.resumed = resumedIn(this.#proposer)
  }

  /** Begins to listen: to the replica, the mesh and the page. */
  open(): void {
    this.#begin(this.#stay)
    this.#stopWatching = this.#parts.watchPage({
      onHidden: (hidden) => {
        this.#hidden = hidden
        this.#stay.replica.setHidden(hidden)
        this.#onChange()
      },
      onFreeze: () => this.#stay.replica.freeze(),
      onWake: () => this.#stay.mesh.probe(),
      onGone: () => this.#goAway(putAway),
      onRevived: () => void this.#comeBack('as it is'),
    })
  }

  #begin(stay: Stay<S, C>): void {
    const { replica, mesh, runner } = stay
    this.#stay = stay
    this.#life = { state: 'here' }
    this.#absence.end()
    this.#stops.push(
      runner.subscribe((applied) => {
        if (this.#carried.isNew(applied.index)) this.#events.tellApplied(applied)
      }),
      this.presence.open(replica),
      replica.subscribe((event) => this.#onReplica(event)),
      replica.trace.subscribe((event) => this.#traced.publish(event)),
      mesh.subscribe(() => this.#onChange()),
    )
    replica.setHidden(this.#hidden)
    mesh.open()
  }

  /** The browser may only keep the page for a while: what it needs to take part again is kept. */
  #goAway(why: string): void {
    if (this.#life.state === 'ended') return
    this.#comebacks += 1
    this.#life = { state: 'away', comeback: this.#comebacks, why }
    this.#absence.begin()
    this.#endStay()
    this.#onChange()
  }

  async #comeBack(beginning: Beginning): Promise<Refounded | undefined> {
    if (this.#life.state !== 'away') return undefined
    const { comeback } = this.#life
    try {
      const ready = await this.#parts.reopen(lastKnown(this.#stay), beginning)
      // Closed, or put away once more, while the store was opened.
      if (!this.#isStillAway(comeback)) {
        ready.discard()
        return ready.refounded
      }
      this.#begin(ready.start())
      this.#onChange()
      void this.#catchUp(this.#stay)
      return ready.refounded
    } catch (cause) {
      if (!this.#isStillAway(comeback)) return undefined
      const error = cause instanceof Error ? cause : new Error(String(cause))
      this.#end(error.message)
      this.#events.tell('halted', error)
      return undefined
    }
  }

  /** Works on the store between two stays. Undefined: it could not be done, and the tab has said why. */
  async #restart(why: string, beginning: Beginning): Promise<Refounded | undefined> {
    this.#goAway(why)
    await this.#ended
    return this.#comeBack(beginning)
  }

  /** A stored state may take the place of the commands that would tell: a read tells, too. */
  async #catchUp({ replica }: Stay<S, C>): Promise<void> {
    const { ok } = await replica.read('linearizable', Infinity).done
    if (!ok || replica !== this.#stay.replica) return
    this.#carried.release()
    this.#onChange()
  }

  #isStillAway(comeback: number): boolean {
    return this.#life.state === 'away' && this.#life.comeback === comeback
  }

  get me(): MemberId {
    return this.#stay.replica.id
  }

  get state(): S {
    return this.#carried.shown(this.#stay.runner.state)
  }

  /** Deletes the store under this tab's feet; undefined: it is in memory. */
  erase(): Promise<void> | undefined {
    return this.#stay.erase?.()
  }

  /** The name of the store that this tab has now. */
  get store(): string {
    return this.#stay.store
  }

  get status(): GroupStatus {
    const { replica, mesh, storage } = this.#stay
    return this.#status.current(() =>
      tabStatus({
        replica: replica.status(),
        rendezvous: mesh.rendezvous(),
        secret: replica.secrets.known.current,
        links: mesh.links(),
        storageKind: storage.kind,
        storageHealthy: !isStorageFailure(replica.lifecycle),
        stopped: this.#life.state === 'here' ? undefined : this.#life.why,
        hidden: this.#hidden,
        conflict: this.#conflict,
        joining: whyJoining(this.#roomView()),
      }),
    )
  }

  get invite(): URL {
    const { invite, address } = this.#parts
    const { group, secrets } = this.#stay.replica
    const secret = secrets.known.current.secret || undefined
    if (group === undefined)
      throw new Error('There is no group to invite to yet: wait for status.phase "ready".')
    return inviteTo(address(), { ...invite, group, secret })
  }

  read<T>(select: (state: S) => T, options?: ReadOptions): Promise<T> {
    return readFrom(this.#stay.replica, { state: () => this.state, select }, options)
  }

  subscribe(listener: () => void): () => void {
    return this.#changes.subscribe(listener)
  }

  on<E extends keyof GroupEvents>(
    event: E,
    listener: (detail: GroupEvents[E]) => void,
  ): () => void {
    return this.#events.on(event, listener)
  }

  watch<T>(select: (state: S) => T, on: (now: T, before: T) => void): () => void {
    let last = select(this.state)
    return this.subscribe(() => {
      const now = select(this.state)
      if (Object.is(now, last)) return
      const before = last
      last = now
      on(now, before)
    })
  }

  async leave({ abort }: { readonly abort?: AbortSignal } = {}): Promise<void> {
    // Alone there is nobody to hand over to: the vote stays with the store.
    if (this.status.members.length > 1) {
      await untilAborted(this.#stay.replica.leave(leaveMsMax), abort)
    }
    this.close()
  }

  async forget(options?: { readonly abort?: AbortSignal }): Promise<void> {
    if (this.#life.state !== 'here' && this.#life.state !== 'outdated')
      throw new Error('This group is closed here: reload the page to forget it.')
    this.#erases = true
    await this.leave(options)
    await this.#ended
  }

  close(): void {
    this.#end('The group is closed in this tab.')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave()
  }

  #end(why: string): void {
    if (this.#life.state === 'ended') return
    const { state } = this.#life
    this.#life = { state: 'ended', why }
    this.#absence.end()
    this.#stopWatching?.()
    if (state === 'here' || state === 'outdated') this.#endStay()
    this.#onChange()
  }

  #endStay(): void {
    this.#carried.hold(this.#stay.runner.state)
    this.#ended = endStay(this.#stay, this.#erases)
    // Whoever forgets is told; for anybody else it is over either way.
    this.#ended.catch(() => undefined)
    for (const stop of this.#stops.splice(0)) stop()
  }

  /** A command by its name. */
  propose(command: string, args?: Json, options?: ProposeOptions): Proposal<unknown> {
    const proposal = proposeTo(this.#proposer, { name: command, args }, options)
    this.#tally.follow(proposal.outcome)
    this.#parts.onProposed({ command, args, proposal })
    return proposal
  }

  #commands(): Group<S, C>['do'] {
    const { commandNames } = this.#parts
    const make =
      (name: string) =>
      (args?: Json, options?: ProposeOptions): Proposal<unknown> =>
        this.propose(name, args, options)
    return Object.freeze(
      Object.fromEntries(commandNames.map((name) => [name, make(name)])),
    ) as unknown as Group<S, C>['do']
  }

  #onReplica(event: RuntimeEvent): void {
    if (event.type === 'halted') this.#onHalted(event.error)
    if (event.type === 'versionMissing') this.#events.tell('version-missing', event.error)
    if (event.type === 'roomConflict') {
      this.#conflict = conflictOf(event)
      this.#events.tell('room-conflict', this.#conflict)
    }
    this.#onChange()
  }

  #onHalted(error: Error): void {
    if (!(error instanceof Superseded)) {
      this.#end(error.message)
      this.#events.tell('halted', error)
    } else if (error.covered) {
      this.#foundsNone = true
      void this.#restart(joinsAnew, 'as a stranger')
    } else {
      // The store stays in this tab's hands, so that it can still be forgotten.
      this.#life = { state: 'outdated', why: error.message }
      this.#events.tell('halted', error)
    }
  }

  #onChange(): void {
    this.#status.expire()
    if (this.#life.state === 'here') this.#foundIfAlone()
    this.#coalesced.change()
  }

  /** Ticks and beacons change much that nobody sees: listeners hear only of what `state` and `status` show. */
  #tellChanges(): void {
    const { status, state } = this
    if (this.#told?.status === status && this.#told.state === state) return
    const before = this.#told?.status
    this.#told = { status, state }
    if (status !== before) this.#events.tellStatus(status, before)
    if (before !== undefined && status.rotations !== before.rotations)
      this.#events.tell('invite', { invite: this.invite })
    this.#changes.publish(undefined)
  }

  #roomView(): RoomView {
    const { replica, mesh } = this.#stay
    const { policy } = this.#parts
    const { answered, earlier, peers } = mesh.rendezvous()
    const strangers = strangersAmong(mesh.links())
    const { newcomers, watchers } = replica.status()
    return { policy, answered, earlier, peers, strangers, newcomers, watchers }
  }

  #foundIfAlone(): void {
    const { replica } = this.#stay
    const { nonce } = this.#parts
    if (this.#foundsNone || replica.group !== undefined) return
    if (mayFound(this.#roomView())) replica.found(nonce())
  }
}
