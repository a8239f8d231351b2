/**
 * What goes wrong in a world: tabs crash, close, reload, freeze, hide, leave and lose their disks; links break, whole or one
 * way. Draws everything from its own seed. Knows how to put things right again, but never repairs a replica's state.
 */
import type { ReplicaId } from '@unanimous/core/internal'
import type { Range, Rng } from './rng.ts'
import type { Tab } from './tab.ts'
import { mayLose } from './survival.ts'
import type { World } from './world.ts'

/** Those that hit one tab, and those that hit links or the whole room. */
const tabFaults = [
  'crash',
  'close',
  'reload',
  'freeze',
  'hide',
  'slowDisk',
  'leave',
  'wipe',
] as const
const roomFaults = ['cut', 'silentCut', 'oneWay', 'partition', 'isolate', 'arrive'] as const

type TabFault = (typeof tabFaults)[number]
export type Fault = TabFault | (typeof roomFaults)[number]

export const faults: readonly Fault[] = [...tabFaults, ...roomFaults]

const isTabFault = (fault: Fault): fault is TabFault =>
  (tabFaults as readonly Fault[]).includes(fault)

/** By then everybody who hears nothing from a tab knows that it is not there. */
export const noticedMs = 5000

export interface ChaosOptions {
  /** Milliseconds between two faults. */
  readonly pauseMs: Range
  /** How long one lasts. */
  readonly lastsMs: Range
  /** How often each is drawn, in proportion to the others. */
  readonly weights: Readonly<Record<Fault, number>>
  readonly tabsMax: number
  /** Of a hundred faults that hit one tab, how many look for the leader. */
  readonly atLeader: number
}

export class Chaos {
  readonly #world: World
  readonly #rng: Rng
  readonly #options: ChaosOptions
  #running = false
  /** Never to come back: their disks are wiped, or they left. */
  readonly gone: Set<ReplicaId> = new Set()
  readonly log: string[] = []

  constructor(world: World, rng: Rng, options: ChaosOptions) {
    this.#world = world
    this.#rng = rng
    this.#options = options
  }

  start(): void {
    this.#running = true
    this.#next()
  }

  stop(): void {
    this.#running = false
  }

  /** Everything works again: links, timers, disks; who is not gone is open. */
  heal(): void {
    this.stop()
    this.#world.network.healAll()
    for (const tab of this.#world.tabs.values()) {
      tab.diskDelayMs = 0
      tab.resume()
      tab.hide(false)
      if (!this.gone.has(tab.id)) tab.open()
    }
  }

  #next(): void {
    this.#world.agenda.after(this.#rng.between(this.#options.pauseMs), () => {
      if (!this.#running) return
      this.#strike()
      this.#next()
    })
  }

  #strike(): void {
    const { weights } = this.#options
    let at = this.#rng.below(
      Math.max(
        1,
        faults.reduce((sum, fault) => sum + weights[fault], 0),
      ),
    )
    const fault = faults.find((each) => (at -= weights[each]) < 0)
    if (fault === undefined) return
    const open = this.#world.open()
    if (isTabFault(fault)) {
      const victim = this.#victim()
      if (victim !== undefined) this.#hit(victim, fault)
      return
    }
    switch (fault) {
      case 'cut':
      case 'silentCut':
        return this.#cut(this.#rng.shuffled(open), fault === 'silentCut')
      case 'partition':
        return this.#partition(this.#rng.shuffled(open), 1 + this.#rng.below(open.length))
      case 'isolate':
        return this.#partition([...new Set([this.#victim(), ...open])], 1)
      case 'oneWay':
        return this.#muteOneWay(this.#rng.shuffled(open))
      case 'arrive':
        return this.#arrive()
    }
  }

  #muteOneWay([a, b]: readonly Tab[]): void {
    if (a === undefined || b === undefined) return
    const { network } = this.#world
    this.#say(`${a.name} > ${b.name} muted`)
    network.mute(a.id, b.id)
    this.#later(() => network.unmute(a.id, b.id))
  }

  #victim(): Tab | undefined {
    const leader = this.#rng.pick(this.#world.leaders())
    if (leader !== undefined && this.#rng.chance(this.#options.atLeader, 100)) return leader
    return this.#rng.pick(this.#world.open())
  }

  #hit(tab: Tab, fault: TabFault): void {
    this.#say(`${fault} ${tab.name}`)
    switch (fault) {
      case 'crash':
        tab.crash(this.#rng.chance(1, 2) ? this.#rng.below(8000) : undefined)
        return this.#later(() => this.#reopen(tab))
      case 'close':
        tab.close()
        return this.#later(() => this.#reopen(tab))
      case 'reload':
        tab.close()
        return this.#world.agenda.after(this.#rng.between([30, 800]), () => this.#reopen(tab))
      case 'freeze':
        tab.freeze()
        return this.#later(() => tab.resume())
      case 'hide':
        tab.hide(true)
        return this.#later(() => tab.hide(false))
      case 'slowDisk':
        tab.diskDelayMs = this.#rng.between([100, 3000])
        return this.#later(() => (tab.diskDelayMs = 0))
      case 'leave':
        tab.leave()
        return this.#awaitRemoval(tab, tab.incarnation)
      case 'wipe':
        return this.#wipe(tab)
    }
  }

  /** Once it is let go, a tab may vanish for ever. */
  #awaitRemoval(tab: Tab, start: number): void {
    this.#world.agenda.after(200, () => {
      if (!tab.isOpen || tab.incarnation !== start) return
      if (!tab.removed) return this.#awaitRemoval(tab, start)
      tab.close()
      // Whoever named it as heir may have to ask it yet.
      if (!mayLose(this.#world, this.gone, tab)) return this.#later(() => this.#reopen(tab))
      this.#say(`${tab.name} left`)
      this.gone.add(tab.id)
    })
  }

  #wipe(tab: Tab): void {
    if (!mayLose(this.#world, this.gone, tab)) return
    tab.crash()
    const start = tab.incarnation
    this.#world.agenda.after(noticedMs, () => {
      // A configuration that names it may have been proposed before anybody noticed.
      if (tab.isOpen || tab.incarnation !== start || this.gone.has(tab.id)) return
      if (!mayLose(this.#world, this.gone, tab)) return this.#reopen(tab)
      this.#say(`${tab.name} is wiped`)
      this.gone.add(tab.id)
      if (this.#running) this.#arrive()
    })
  }

  #arrive(): void {
    const { size } = this.#world.tabs
    if (size - this.gone.size >= this.#options.tabsMax || size >= 12) return
    const tab = this.#world.addTab(`t${size}`)
    this.#say(`${tab.name} arrives`)
    tab.open()
  }

  #reopen(tab: Tab): void {
    if (this.gone.has(tab.id)) return
    if (!tab.isOpen) this.#say(`${tab.name} opens`)
    tab.open()
  }

  #cut([a, b]: readonly Tab[], silent: boolean): void {
    if (a === undefined || b === undefined) return
    const { network } = this.#world
    this.#say(`${a.name} - ${b.name} cut${silent ? ' silently' : ''}`)
    network.block(a.id, b.id, silent)
    this.#later(() => network.unblock(a.id, b.id))
  }

  #partition(tabs: readonly (Tab | undefined)[], size: number): void {
    const known = tabs.filter((tab) => tab !== undefined)
    const [here, there] = [known.slice(0, size), known.slice(size)]
    const pairs = here.flatMap((a) => there.map((b) => [a, b]))
    const { network } = this.#world
    const silent = this.#rng.chance(1, 2)
    this.#say(`partition ${here.map(({ name }) => name).join('')}${silent ? ' silently' : ''}`)
    for (const [a, b] of pairs) if (a && b) network.block(a.id, b.id, silent)
    this.#later(() => {
      for (const [a, b] of pairs) if (a && b) network.unblock(a.id, b.id)
    })
  }

  #later(action: () => void): void {
    this.#world.agenda.after(this.#rng.between(this.#options.lastsMs), action)
  }

  #say(what: string): void {
    this.log.push(`${this.#world.now} ${what}`)
    this.#world.struck(what)
  }
}
