/**
 * Several tabs of one group in one process: real replicas in real time, over links and disks in memory. Knows how tabs are
 * opened, cut off and crashed; not what is decided in them.
 */
import type { ReplicaId } from '@unanimous/core'
import { defaultPolicy, memoryStorage, openStore, runReplica } from '@unanimous/core'
import { createMemoryHub } from '@unanimous/core/testing'
import { browserClock } from '../browser-clock.ts'
import type { Group } from '../group.ts'
import { MachineRunner } from '../machine-runner.ts'
import type { Commands, Machine } from '../machine.ts'
import type { PageLife } from '../page-life.ts'
import type { Beginning, ReadyStay } from '../stay.ts'
import { prepare } from '../stay.ts'
import { TabGroup } from '../tab-group.ts'

/** What a cluster is made of. */
export interface TestClusterOptions<S, C extends Commands<S>> {
  readonly machine: Machine<S, C>
  /** How many voters the group grows to; 5 unless told. */
  readonly voters?: number
}

/** Tabs of one group, and what may happen to them. Every tab runs as with `dev: true`. */
export interface TestCluster<S, C extends Commands<S>> {
  /** All that are open, in the order in which they were opened. */
  readonly tabs: readonly Group<S, C>[]
  /** Opens one more; the first founds the group. Resolves before it has joined: see `ready`. */
  open(): Promise<Group<S, C>>
  /** Opens so many at once and waits until they are ready. */
  form(count: number): Promise<readonly Group<S, C>[]>
  /** Waits until every open tab follows the same leader among all of them. Throws after `withinMs`, 30 000 unless told. */
  ready(withinMs?: number): Promise<void>
  /** Waits until `condition` holds; looks whenever a tab changes. Throws after `withinMs`, 30 000 unless told. */
  until(condition: () => boolean, withinMs?: number): Promise<void>
  /** The tab that leads, if one does. */
  leader(): Group<S, C> | undefined
  /** The link between two tabs is gone until `heal`. */
  cut(a: Group<S, C>, b: Group<S, C>): void
  /** All links of a tab are gone until `heal`. */
  isolate(tab: Group<S, C>): void
  heal(): void
  /** The tab is gone in the middle of a word: the others have to notice. */
  crash(tab: Group<S, C>): void
  /** The browser puts the tab's page away, as when a person leaves it for another one. */
  putAway(tab: Group<S, C>): void
  /** The page that was put away is shown again, as when that person goes back. */
  bringBack(tab: Group<S, C>): void
  /** Closes every tab. */
  close(): void
}

const patienceMs = 30_000
const lookMs = 20
const nonce = '0123456789abcdef'.repeat(2)

const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))

class Cluster<S, C extends Commands<S>> implements TestCluster<S, C> {
  readonly #options: TestClusterOptions<S, C>
  readonly #hub = createMemoryHub()
  readonly #disks = memoryStorage()
  readonly #dead = new Set<ReplicaId>()
  readonly #lives = new Map<Group<S, C>, PageLife>()
  #tabs: readonly TabGroup<S, C>[] = []
  #opened = 0

  constructor(options: TestClusterOptions<S, C>) {
    this.#options = options
    this.#hub.loseWhen(({ from, to }) => this.#dead.has(from) || this.#dead.has(to))
  }

  get tabs(): readonly Group<S, C>[] {
    return this.#tabs
  }

  async open(): Promise<Group<S, C>> {
    const number = this.#opened
    this.#opened += 1
    const ready = await this.#stay(`tab ${number}`, 'as it is')
    let life: PageLife | undefined
    const tab = new TabGroup<S, C>({
      reopen: (_, beginning) => this.#stay(`tab ${number}`, beginning),
      ...{ stay: ready.start(), clock: browserClock, ignored: new Map() },
      invite: { room: 'test', machine: this.#options.machine.name, signal: [] },
      address: () => (typeof location === 'undefined' ? 'https://test.example/' : location.href),
      machine: this.#options.machine,
      commandNames: Object.keys(this.#options.machine.commands),
      faults: undefined,
      policy: number === 0 ? 'always' : 'never',
      nonce: () => nonce,
      watchPage: (watched) => {
        life = watched
        return () => undefined
      },
      onProposed: () => undefined,
    })
    tab.open()
    this.#tabs = [...this.#tabs, tab]
    if (life !== undefined) this.#lives.set(tab, life)
    return tab
  }

  async #stay(name: string, beginning: Beginning): Promise<ReadyStay<S, C>> {
    const storage = await this.#disks(name)
    const refounded = await prepare(storage, beginning)
    const store = await openStore(storage, randomBytes)
    const { machine, voters = 5 } = this.#options
    const runner = new MachineRunner(machine, { twice: true })
    const rendezvous = { state: 'online', peers: [], earlier: [], answered: true } as const
    return {
      refounded,
      discard: () => void storage.close(),
      start: () => ({
        ...{ runner, storage, store: name, release: () => undefined },
        replica: runReplica({
          ...{ store, transport: this.#hub.join(store.self), clock: browserClock, machine: runner },
          ...{ room: 'test', wanted: undefined, profile: '', watchInvariants: true },
          membership: { ...defaultPolicy, voters },
          report: () => undefined,
        }),
        mesh: {
          open: () => undefined,
          rendezvous: () => rendezvous,
          links: () => [],
          subscribe: () => () => undefined,
          probe: () => undefined,
        },
      }),
    }
  }

  async form(count: number): Promise<readonly Group<S, C>[]> {
    for (let each = 0; each < count; each += 1) await this.open()
    await this.ready()
    return this.tabs
  }

  ready(withinMs?: number): Promise<void> {
    return this.until(() => {
      const all = this.#tabs.map(({ status }) => status)
      const leaders = new Set(all.map(({ leader }) => leader))
      const odd = all.length % 2 === 1 ? all.length : all.length - 1
      return (
        leaders.size === 1 &&
        all.every(({ phase, quorum }) => phase === 'ready' && quorum.voters.length >= odd)
      )
    }, withinMs)
  }

  async until(condition: () => boolean, withinMs: number = patienceMs): Promise<void> {
    const deadline = Date.now() + withinMs
    while (!condition()) {
      if (Date.now() > deadline) throw new Error(`It did not happen within ${withinMs} ms.`)
      await new Promise((resolve) => setTimeout(resolve, lookMs))
    }
  }

  leader(): Group<S, C> | undefined {
    return this.#tabs.find(({ status }) => status.rung === 'leader')
  }

  cut(a: Group<S, C>, b: Group<S, C>): void {
    this.#hub.setLink(a.me, b.me, 'down')
  }

  putAway(tab: Group<S, C>): void {
    this.#lives.get(tab)?.onGone()
  }

  bringBack(tab: Group<S, C>): void {
    this.#lives.get(tab)?.onRevived()
  }

  isolate(tab: Group<S, C>): void {
    for (const other of this.#tabs) if (other !== tab) this.cut(tab, other)
  }

  heal(): void {
    for (const a of this.#tabs) {
      for (const b of this.#tabs) if (a.me < b.me) this.#hub.setLink(a.me, b.me, 'up')
    }
  }

  crash(tab: Group<S, C>): void {
    this.#dead.add(tab.me)
    this.isolate(tab)
    tab.close()
    this.#tabs = this.#tabs.filter((other) => other !== tab)
  }

  close(): void {
    for (const tab of this.#tabs) tab.close()
    this.#tabs = []
  }
}

/**
 * An empty cluster.
 *
 * @example
 * const cluster = createTestCluster({ machine: seats })
 * const [a, b, c] = await cluster.form(3)
 * await a.do.book('A1')
 * cluster.crash(cluster.leader())
 */
export const createTestCluster = <S, C extends Commands<S>>(
  options: TestClusterOptions<S, C>,
): TestCluster<S, C> => new Cluster(options)
