/**
 * A world of tabs: one seed, one history. Puts clock, network, disks and checkers together; what goes wrong in it, and when,
 * is for scenarios and the fuzzer to say.
 */
import type { Effects, Input, Message, ReplicaId, ReplicaState } from '@unanimous/core/internal'
import { createEntriesCodec, createMessageCodec, replicaId } from '@unanimous/core/internal'
import { Agenda } from './agenda.ts'
import { Agreement } from './agreement.ts'
import { Network } from './network.ts'
import { Promises } from './promises.ts'
import { Rng } from './rng.ts'
import type { Parcel } from './tab.ts'
import { frameOf, Tab } from './tab.ts'
import { demand } from './violation.ts'
import type { Watcher } from './watcher.ts'
import type { WorldOptions } from './world-options.ts'

export class World {
  readonly options: WorldOptions
  readonly rng: Rng
  readonly agenda: Agenda = new Agenda()
  readonly network: Network<Parcel>
  readonly agreement: Agreement = new Agreement()
  readonly tabs: Map<string, Tab> = new Map()
  steps = 0
  readonly #promises = new Promises()
  readonly #watchers: Watcher[]
  readonly #ids: Rng
  readonly #codec = createMessageCodec(createEntriesCodec())

  constructor(options: WorldOptions, ...watchers: readonly Watcher[]) {
    this.options = options
    const seed = new Rng(options.seed)
    this.#ids = seed.fork()
    this.network = new Network(this.agenda, seed.fork(), options)
    this.rng = seed.fork()
    this.#watchers = [this.#checker(), ...watchers]
  }

  get now(): number {
    return this.agenda.now
  }

  /** A tab with an empty disk, not open yet. */
  addTab(name: string): Tab {
    demand(!this.tabs.has(name), 'world', () => `there is a tab ${name} already`)
    const { agenda, network, options } = this
    const tab = new Tab(name, replicaId(this.#ids.hex(32)), {
      agenda,
      network,
      rng: this.#ids.fork(),
      options,
      watchers: this.#watchers,
      pack: (message, state) => this.#pack(message, state),
      unpack: (parcel) => (parcel instanceof Uint8Array ? this.#decode(parcel) : parcel),
    })
    this.tabs.set(name, tab)
    return tab
  }

  /** The tabs that are open, in the order in which they were added. */
  open(): readonly Tab[] {
    return [...this.tabs.values()].filter(({ isOpen }) => isOpen)
  }

  tabOf(id: ReplicaId): Tab | undefined {
    return [...this.tabs.values()].find((tab) => tab.id === id)
  }

  run(ms: number): void {
    this.agenda.runUntil(this.now + ms)
  }

  /** Runs until `done`, looked at every `stepMs`. The time that it took, or undefined after `limitMs`. */
  runUntil(done: () => boolean, limitMs: number, stepMs = 10): number | undefined {
    const begin = this.now
    while (!done()) {
      if (this.now - begin >= limitMs) return undefined
      this.run(stepMs)
    }
    return this.now - begin
  }

  /** Who leads, as far as each open tab knows of itself; several while an old leader has not heard yet. */
  leaders(): readonly Tab[] {
    return this.open().filter(({ state }) => state?.protocol.role.phase === 'leading')
  }

  #pack(message: Message, state: ReplicaState): Parcel {
    if (!this.options.codec) return frameOf(message, state)
    return this.#codec.encode(message, state.group)
  }

  #decode(bytes: Uint8Array): ReturnType<typeof frameOf> {
    const decoded = this.#codec.decode(bytes)
    demand(decoded.ok, 'codec', () => 'a frame of ours does not decode')
    return decoded.frame
  }

  #checker(): Watcher {
    const { agreement } = this
    const promises = this.#promises
    return {
      stepped: (tab: Tab, _input: Input, effects: Effects) => {
        this.steps += 1
        const entries = tab.state?.protocol.log.entries
        if (effects.persist.length > 0 && entries !== undefined) {
          promises.stepped(tab.name, entries, effects)
        }
        for (const decided of effects.apply) agreement.learned(tab, decided)
      },
      started: (tab, { apply }) => {
        for (const decided of apply) agreement.learned(tab, decided)
      },
      sent: (tab, _to, message) => promises.sent(tab.name, tab.disk, message),
      applied: (tab, { entry, repeat, index }) => {
        if (entry.kind !== 'command' || repeat) return
        if (entry.author === tab.id && entry.incarnation === tab.incarnation) {
          agreement.answered(index)
        }
      },
      proposed: (tab, seq, command) => agreement.proposed(tab, seq, command),
    }
  }
}
