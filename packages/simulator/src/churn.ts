/**
 * A long day in minutes: tabs come and go all the time, most of them with a good-bye, and nobody administers anything. Measures
 * how much of the time in which a majority of the voters is there something is decided; all checks of a world are on.
 */
import type { ReplicaId, VoteId } from '@unanimous/core/internal'
import { whyNotConverged } from './fuzz.ts'
import { Rng } from './rng.ts'
import type { Tab } from './tab.ts'
import { demand } from './violation.ts'
import type { WorldOptions } from './world-options.ts'
import { calm } from './world-options.ts'
import { World } from './world.ts'

const windowMs = 100
const proposeMs = 50
const lifeMs = 120_000
const arrivalMs = 20_000
const aliveMin = 3
const aliveMax = 9
const convergeMs = 75_000
/** A log is summed up several times in an hour, and newcomers get the snapshot. */
const logBytes = 256 * 1024
/** The first tabs have a while to become a group. */
const warmUpMs = 30_000

export interface ChurnOptions {
  readonly seed: number
  readonly minutes: number
  readonly world?: Partial<WorldOptions>
}

export interface ChurnVerdict {
  readonly seed: number
  readonly minutes: number
  readonly opened: number
  readonly closed: number
  readonly crashed: number
  readonly decided: number
  readonly configurations: number
  /** Of the machine, in the order in which they were decided. */
  readonly versions: readonly number[]
  /** Of all windows, in how many a majority of the voters was there, in thousandths. */
  readonly quorate: number
  /** Of those, in how many something was decided, in thousandths. */
  readonly available: number
  /** The longest time without a decision while a majority was there. */
  readonly stallMs: number
}

/** Throws a Violation, or the core's own InvariantViolation. */
export const churn = (options: ChurnOptions): ChurnVerdict => new Day(options).pass()

class Day {
  readonly #options: ChurnOptions
  readonly #world: World
  readonly #rng: Rng
  #going = true
  #proposals = 0
  #opened = 0
  #closed = 0
  #crashed = 0
  #quorate = 0
  #available = 0
  #stallMs = 0
  #stalledMs = 0
  #wasQuorate = false
  #decided = 0

  constructor(options: ChurnOptions) {
    this.#options = options
    const { seed } = options
    const latencyMs = [5, 40] as const
    this.#world = new World({ ...calm, latencyMs, seed, logBytes, ...options.world })
    this.#rng = new Rng(seed ^ 0xc4a2)
  }

  pass(): ChurnVerdict {
    const world = this.#world
    const founder = this.#open()
    for (let count = 1; count < 5; count += 1) this.#open()
    world.agenda.after(200, () => founder.found())
    this.#propose()
    this.#arrive()
    world.run(warmUpMs)
    const windows = Math.ceil((this.#options.minutes * 60_000) / windowMs)
    for (let count = 0; count < windows; count += 1) {
      world.run(windowMs)
      this.#measure()
    }
    this.#going = false
    this.#end()
    const { configurations, entries, length } = world.agreement
    return {
      seed: this.#options.seed,
      minutes: this.#options.minutes,
      opened: this.#opened,
      closed: this.#closed,
      crashed: this.#crashed,
      decided: length,
      configurations,
      versions: entries.flatMap((entry) => (entry.kind === 'machine' ? [entry.version] : [])),
      quorate: Math.round((1000 * this.#quorate) / windows),
      available: Math.round((1000 * this.#available) / Math.max(1, this.#quorate)),
      stallMs: this.#stallMs,
    }
  }

  /** Somebody who was here before, or somebody new. */
  #open(): Tab {
    const world = this.#world
    const away = [...world.tabs.values()].filter(({ isOpen }) => !isOpen)
    const known = this.#rng.chance(1, 2) ? this.#rng.pick(away) : undefined
    const tab = known ?? world.addTab(`t${world.tabs.size}`)
    this.#opened += 1
    tab.open()
    world.agenda.after(this.#lifetimeMs(), () => this.#depart(tab, tab.incarnation))
    return tab
  }

  /** Exponential: who has been here for long is no likelier to go. */
  #lifetimeMs(): number {
    const share = (1 + this.#rng.below(999_999)) / 1_000_000
    return Math.round(-lifeMs * Math.log(share))
  }

  #arrive(): void {
    this.#world.agenda.after(this.#rng.between([arrivalMs / 2, (arrivalMs * 3) / 2]), () => {
      if (!this.#going) return
      if (this.#world.open().length < aliveMax) this.#open()
      this.#arrive()
    })
  }

  #depart(tab: Tab, start: number): void {
    if (!this.#going || !tab.isOpen || tab.incarnation !== start) return
    const world = this.#world
    if (world.open().length <= aliveMin) {
      this.#open()
      world.agenda.after(5000, () => this.#depart(tab, start))
      return
    }
    if (this.#rng.chance(9, 10)) {
      this.#closed += 1
      tab.close()
    } else {
      this.#crashed += 1
      tab.crash(this.#rng.between([100, 8000]))
    }
  }

  #propose(): void {
    this.#world.agenda.after(proposeMs, () => {
      if (!this.#going) return
      const tab = this.#rng.pick(this.#world.open())
      if (tab !== undefined && tab.outstanding < 200) {
        tab.propose(Uint8Array.of(this.#proposals & 0xff, (this.#proposals >> 8) & 0xff))
        this.#proposals += 1
      }
      this.#propose()
    })
  }

  /** A window counts when a majority was there at its beginning and at its end. */
  #measure(): void {
    const { length } = this.#world.agreement
    const decided = length > this.#decided
    this.#decided = length
    const quorate = isQuorate(this.#world)
    const counts = quorate && this.#wasQuorate
    this.#wasQuorate = quorate
    this.#stalledMs = decided || !counts ? 0 : this.#stalledMs + windowMs
    this.#stallMs = Math.max(this.#stallMs, this.#stalledMs)
    if (!counts) return
    this.#quorate += 1
    if (decided) this.#available += 1
  }

  /** The voters come back, and whoever may have their votes: whatever was told to a caller is still there, and the group goes on. */
  #end(): void {
    const world = this.#world
    for (const id of keepersOf(world)) world.tabOf(id)?.open()
    const took = world.runUntil(() => whyNotConverged(world) === undefined, convergeMs, 50)
    demand(took !== undefined, 'liveness', () => whyNotConverged(world) ?? 'too late')
    const { acknowledgedEnd } = world.agreement
    for (const { name, state } of world.open()) {
      const end = state?.protocol.decidedEnd ?? 0
      demand(
        end >= acknowledgedEnd,
        'durability',
        () => `${name} knows ${end} decided, callers were told of ${acknowledgedEnd}`,
      )
    }
  }
}

/** Open tabs hold a majority of the newest configuration that anybody knows to be decided. */
function isQuorate(world: World): boolean {
  const { voters } = world.agreement
  const held = new Set<VoteId>(world.open().flatMap(({ state }) => state?.protocol.votes ?? []))
  return voters.filter((vote) => held.has(vote)).length * 2 > voters.length
}

/** The voters, and to whom they may have left their votes, and those to whom they may have. */
function keepersOf(world: World): ReadonlySet<ReplicaId> {
  const keepers = new Set<ReplicaId>(world.agreement.voters as readonly string[] as ReplicaId[])
  // Whoever is added while it is walked is walked, too.
  for (const id of keepers) {
    const heir = world.tabOf(id)?.disk.estateFor(id).armed?.heir
    if (heir !== undefined) keepers.add(heir)
  }
  return keepers
}
