/** A group in this tab: the replica, the mesh and the page behind the door that applications hold. */
import type { Clock, Lifecycle, Replica, RuntimeEvent, Storage } from '@unanimous/core'
import { StorageError, createObservers } from '@unanimous/core'
import type { Mesh } from '@unanimous/webrtc-transport'
import { coalesce } from './coalesce.ts'
import type { Faults } from './faults.ts'
import type { NamedCommand } from './command-codec.ts'
import { complain } from './complaint.ts'
import { mayFound, whyJoining } from './founding.ts'
import type { RoomView } from './founding.ts'
import type { Group, GroupEvents } from './group.ts'
import type { HookedOperation } from './hook.ts'
import type { Inspect } from './inspect.ts'
import { inviteTo } from './invite.ts'
import type { Json } from './json.ts'
import type { Ending, MachineRunner } from './machine-runner.ts'
import type { Commands, MemberId } from './machine.ts'
import { Memo } from './memo.ts'
import type { PageLife } from './page-life.ts'
import type { Proposal, ProposeOptions } from './proposal.ts'
import { ProposalTally } from './proposal-tally.ts'
import { proposeTo } from './propose.ts'
import type { ReadOptions } from './read.ts'
import { readFrom } from './read.ts'
import type { GroupStatus, RoomConflict } from './status.ts'
import { TabEvents } from './tab-events.ts'
import { createInspect } from './tab-inspect.ts'
import { TabPresence } from './tab-presence.ts'
import { tabStatus } from './tab-status.ts'

export interface TabParts<S, C extends Commands<S>> {
  readonly replica: Replica<Ending>
  readonly runner: MachineRunner<S, C>
  readonly commandNames: readonly string[]
  readonly mesh: Pick<Mesh, 'open' | 'rendezvous' | 'links' | 'subscribe' | 'probe'>
  readonly storage: Storage
  readonly room: string
  readonly secret: string | undefined
  readonly policy: RoomView['policy']
  readonly nonce: () => string
  readonly clock: Clock
  /** Tells what happens to the page; returns how to stop. */
  readonly watchPage: (life: PageLife) => () => void
  readonly ignored: ReadonlyMap<string, number>
  readonly faults: Faults | undefined
  /** Called with each command of this tab. */
  readonly onProposed: (operation: HookedOperation) => void
  /** Gives the tab's identity back. */
  readonly release: () => void
}

/** Listeners hear of changes this often at most: a frame of a screen. */
const changePauseMs = 16
const leaveMsMax = 5000
const revived = 'This page was put away and came back: reload it to take part again.'

const isStorageFailure = (lifecycle: Lifecycle): boolean =>
  lifecycle.state === 'halted' && lifecycle.error instanceof StorageError

export class TabGroup<S, C extends Commands<S>> implements Group<S, C> {
  readonly #parts: TabParts<S, C>
  readonly #changes = createObservers<undefined>(complain)
  readonly #events = new TabEvents()
  readonly #coalesced = coalesce(() => this.#tellChanges(), changePauseMs)
  readonly #status = new Memo<GroupStatus>()
  readonly #stops: (() => void)[] = []
  readonly #tally: ProposalTally
  readonly do: Group<S, C>['do']
  readonly inspect: Inspect
  readonly presence: TabPresence
  #told: { readonly status: GroupStatus; readonly state: S } | undefined
  #stopped: string | undefined
  #hidden = false
  #conflict: RoomConflict | undefined

  constructor(parts: TabParts<S, C>) {
    this.#parts = parts
    const { replica, ignored, clock, faults } = parts
    this.#tally = new ProposalTally(() => clock.now())
    this.inspect = createInspect({ replica, ignored, clock, faults, tally: this.#tally })
    this.presence = new TabPresence(replica, clock)
    this.do = this.#commands()
  }

  /** Begins to listen: to the replica, the mesh and the page. */
  open(): void {
    const { replica, mesh, runner, watchPage } = this.#parts
    this.presence.open()
    this.#stops.push(
      runner.subscribe((applied) => this.#events.tellApplied(applied)),
      () => this.presence.close(),
      replica.subscribe((event) => this.#onReplica(event)),
      mesh.subscribe(() => this.#onChange()),
      watchPage({
        onHidden: (hidden) => {
          this.#hidden = hidden
          replica.setHidden(hidden)
          this.#onChange()
        },
        onWake: () => mesh.probe(),
        onGone: () => this.close(),
        onRevived: () => {
          this.#stopped = revived
          this.#onChange()
        },
      }),
    )
    mesh.open()
  }

  get me(): MemberId {
    return this.#parts.replica.id
  }

  get state(): S {
    return this.#parts.runner.state
  }

  get status(): GroupStatus {
    const { replica, mesh, storage } = this.#parts
    return this.#status.current(() =>
      tabStatus({
        replica: replica.status(),
        rendezvous: mesh.rendezvous(),
        secret: this.#parts.secret !== undefined,
        links: mesh.links(),
        storageKind: storage.kind,
        storageHealthy: !isStorageFailure(replica.lifecycle),
        stopped: this.#stopped,
        hidden: this.#hidden,
        conflict: this.#conflict,
        joining: whyJoining(this.#roomView()),
      }),
    )
  }

  get invite(): URL {
    const { replica, room, secret } = this.#parts
    const { group } = replica
    if (group === undefined)
      throw new Error('There is no group to invite to yet: wait for status.phase "ready".')
    return inviteTo(location.href, { room, group, secret })
  }

  read<T>(select: (state: S) => T, options?: ReadOptions): Promise<T> {
    const { replica, runner } = this.#parts
    return readFrom(replica, { state: () => runner.state, select }, options)
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

  async leave(): Promise<void> {
    // Alone there is nobody to hand over to: the vote stays with the store.
    if (this.status.members.length > 1) await this.#parts.replica.leave(leaveMsMax)
    this.close()
  }

  close(): void {
    if (this.#parts.replica.lifecycle.state === 'closed') return
    this.#parts.replica.closeNow()
    this.#end('The group is closed in this tab.')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave()
  }

  #end(why: string): void {
    this.#stopped ??= why
    for (const stop of this.#stops.splice(0)) stop()
    this.#onChange()
    const { storage, release } = this.#parts
    // Only after the store is closed may another tab use this identity.
    void storage.close().then(release, release)
  }

  /** A command by its name. */
  propose(command: string, args?: Json, options?: ProposeOptions): Proposal<unknown> {
    const { replica, runner, onProposed } = this.#parts
    const proposer = { replica, whyInvalid: (asked: NamedCommand) => runner.whyInvalid(asked) }
    const proposal = proposeTo(proposer, { name: command, args }, options)
    this.#tally.follow(proposal.outcome)
    onProposed({ command, args, proposal })
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
    switch (event.type) {
      case 'halted':
        this.#end(event.error.message)
        this.#events.tell('halted', event.error)
        break
      case 'roomConflict': {
        const { group, founded, voters, decidedEnd: commit } = event
        this.#tellConflict({ group, founded: new Date(founded), voters, commit })
        break
      }
      case 'joined':
      case 'removed':
      case 'changed':
      case 'shown':
        break
    }
    this.#onChange()
  }

  #tellConflict(conflict: RoomConflict): void {
    this.#conflict = conflict
    this.#events.tell('room-conflict', conflict)
  }

  #onChange(): void {
    this.#status.expire()
    if (this.#stopped === undefined) this.#foundIfAlone()
    this.#coalesced.change()
  }

  /** Ticks and beacons change much that nobody sees: listeners hear only of what `state` and `status` show. */
  #tellChanges(): void {
    const { status, state } = this
    if (this.#told?.status === status && this.#told.state === state) return
    const before = this.#told?.status
    this.#told = { status, state }
    if (status !== before) this.#events.tellStatus(status, before)
    this.#changes.publish(undefined)
  }

  #roomView(): RoomView {
    const { replica, mesh, policy } = this.#parts
    const { answered, firstComer, peers } = mesh.rendezvous()
    return { policy, answered, firstComer, peers, newcomers: replica.status().newcomers }
  }

  #foundIfAlone(): void {
    const { replica, nonce } = this.#parts
    if (replica.group === undefined && mayFound(this.#roomView())) replica.found(nonce())
  }
}
