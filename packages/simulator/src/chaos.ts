/**
 * What goes wrong in a world: tabs crash, close, reload, freeze, hide, leave and lose their disks; links break, whole or one
 * way. Draws everything from its own seed. Knows how to put things right again, but never repairs a replica's state.
 */
import type { ReplicaId } from '@unanimous/core/internal'
import type { Range, Rng } from './rng.ts'
import type { Tab } from './tab.ts'
import { mayLose } from './survival.ts'
import type { World } from './world.ts'

export type Fault =
  | 'crash'
  | 'close'
  | 'reload'
  | 'cut'
  | 'silentCut'
  | 'oneWay'
  | 'partition'
  | 'isolate'
  | 'freeze'
  | 'hide'
  | 'slowDisk'
  | 'leave'
  | 'arrive'
  | 'wipe'

/** Those that hit one tab. */
type TabFault = 'crash' | 'close' | 'reload' | 'freeze' | 'hide' | 'slowDisk' | 'leave' | 'wipe'

export const faults: readonly Fault[] = [
  ...(['crash', 'close', 'reload', 'cut', 'silentCut', 'oneWay', 'partition', 'isolate'] as const),
  ...(['freeze', 'hide', 'slowDisk', 'leave', 'arrive', 'wipe'] as const),
]

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
    let at = this.#rng.below(Math.max(1, faults.reduce((sum, fault) => sum + weights[fault], 0)))
    const fault = faults.find((each) => (at -= weights[each]) < 0)
    if (fault === undefined) return
    const { open, network } = { open: this.#world.open(), network: this.#world.network }
    switch (fault) {
      case 'cut':
      case 'silentCut':
        return this.#cut([this.#rng.shuffled(open).slice(0, 2)], fault === 'silentCut')
      case 'partition':
        return this.#partition(this.#rng.shuffled(open), 1 + this.#rng.below(open.length))
      case 'isolate':
        return this.#partition([...new Set([this.#victim(), ...open])], 1)
      case 'oneWay': {
        const [a, b] = this.#rng.shuffled(open)
        if (a === undefined || b === undefined) return
        this.#say(`${a.name} > ${b.name} muted`)
        network.mute(a.id, b.id)
        return this.#later(() => network.unmute(a.id, b.id))
      }
      case 'arrive':
        return this.#arrive()
      default: {
        const victim = this.#victim()
        if (victim !== undefined) this.#hit(victim, fault)
      }
    }
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
      this.#say(`${tab.name} left`)
      this.gone.add(tab.id)
      tab.close()
    })
  }

  #wipe(tab: Tab): void {
    if (!mayLose(this.#world, this.gone, tab)) return
    this.#say(`${tab.name} is wiped`)
    this.gone.add(tab.id)
    tab.crash()
    this.#arrive()
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

  #cut(pairs: readonly (readonly Tab[])[], silent: boolean): void {
    const { network } = this.#world
    for (const [a, b] of pairs) {
      if (a === undefined || b === undefined) continue
      this.#say(`${a.name} - ${b.name} cut${silent ? ' silently' : ''}`)
      network.block(a.id, b.id, silent)
      this.#later(() => network.unblock(a.id, b.id))
    }
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
  }
}
