/**
 * A world of tabs: one seed, one history. Puts clock, network, disks and checkers together; what goes wrong in it, and when,
 * is for scenarios and the fuzzer to say.
 */
import type {
  Effects,
  Input,
  Message,
  ReplicaId,
  ReplicaState,
  VoteId,
} from '@unanimous/core/internal'
import { createEntriesCodec, createMessageCodec, replicaId } from '@unanimous/core/internal'
import { Agenda } from './agenda.ts'
import type { Proposals } from './agreement.ts'
import { Agreement, begunIn, proposalKey } from './agreement.ts'
import { casterOf, Claims, demandSingleCasters } from './claims.ts'
import { Network } from './network.ts'
import { Promises } from './promises.ts'
import { Rng } from './rng.ts'
import type { Parcel } from './parcel.ts'
import { frameOf } from './parcel.ts'
import { Tab } from './tab.ts'
import { demand } from './violation.ts'
import type { Watcher } from './watcher.ts'
import type { WorldOptions } from './world-options.ts'

export class World {
  readonly options: WorldOptions
  readonly rng: Rng
  readonly agenda: Agenda = new Agenda()
  readonly network: Network<Parcel>
  readonly proposals: Proposals = new Map()
  readonly #agreements = new Map<string, Agreement>()
  readonly tabs: Map<string, Tab> = new Map()
  steps = 0
  readonly #promises = new Promises()
  readonly #claims = new Claims()
  readonly #cast = new WeakMap<Tab, readonly VoteId[] | undefined>()
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
    for (const watcher of watchers) watcher.created?.(this)
  }

  /** For whoever watches: what goes wrong now, by no replica's doing. */
  struck(what: string): void {
    for (const watcher of this.#watchers) watcher.struck?.(what)
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

  /** The history of one group; two foundings are two groups. */
  agreementOf(tab: Tab): Agreement {
    const group = tab.state?.group?.id ?? ''
    const known = this.#agreements.get(group)
    if (known !== undefined) return known
    const agreement = new Agreement(this.proposals)
    this.#agreements.set(group, agreement)
    return agreement
  }

  /** How many groups were ever founded. */
  get groups(): number {
    return [...this.#agreements.keys()].filter((group) => group !== '').length
  }

  /** The longest of all histories. */
  get agreement(): Agreement {
    const all = [...this.#agreements.values()].sort((a, b) => b.length - a.length)
    return all[0] ?? new Agreement(this.proposals)
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

  /** Only looked at when somebody may cast something else than before. */
  #checkCasters(tab: Tab): void {
    const votes = tab.state?.protocol.votes
    if (this.#cast.get(tab) === votes) return
    this.#cast.set(tab, votes)
    demandSingleCasters([...this.tabs.values()].map((each) => casterOf(each, each.state?.protocol)))
  }

  #learn(tab: Tab, effects: Effects): void {
    const { apply, restore } = effects
    if (apply.length + restore.length === 0) return
    this.agreementOf(tab).told(tab, effects, tab.state?.protocol.accepted)
  }

  #checkLeader(tab: Tab, effects: Effects): void {
    const begun = tab.state === undefined ? undefined : begunIn(effects, tab.state.protocol)
    if (begun !== undefined) this.agreementOf(tab).led(tab, begun.ballot, begun.log, begun.base)
  }

  #checker(): Watcher {
    const promises = this.#promises
    const checked = this.options.checked !== false
    return {
      stepped: (tab: Tab, _input: Input, effects: Effects) => {
        this.steps += 1
        if (checked) this.#checkCasters(tab)
        if (checked && effects.persist.length > 0 && tab.state !== undefined) {
          promises.stepped(tab.name, tab.state, effects)
        }
        this.#learn(tab, effects)
        if (checked) this.#checkLeader(tab, effects)
      },
      started: (tab, effects) => {
        if (checked) this.#checkCasters(tab)
        this.#learn(tab, effects)
      },
      sent: (tab, _to, message) => {
        if (!checked) return
        promises.sent(tab.name, tab.disk, message)
        this.#claims.sent(tab.name, message)
      },
      applied: (tab, { entry, repeat, index }) => {
        if (entry.kind !== 'command' || repeat) return
        if (entry.author === tab.id && entry.incarnation === tab.incarnation) {
          this.agreementOf(tab).answered(index)
        }
      },
      proposed: ({ id, incarnation }, seq, command) => {
        this.proposals.set(proposalKey({ author: id, incarnation, seq }), command)
      },
    }
  }
}
