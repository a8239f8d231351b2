/**
 * People in a world who know better than the group: they name leaders, give and take votes, put tabs out and let them in. Draws
 * everything from its own seed, so that a world without them is the same as before there were any.
 */
import type { Act, ReplicaId } from '@unanimous/core/internal'
import { acts, newestConfiguration, rotationsIn } from '@unanimous/core/internal'
import type { Range } from './rng.ts'
import { Rng } from './rng.ts'
import type { World } from './world.ts'

/** How long somebody waits for an answer. */
const patienceMs = 8000
const relentMs = 500

/** Worlds below this seed are what they were before there were people: the fixed ones of tests, and those that controls are found in. */
const firstSeed = 100_000

/** In half of the others: milliseconds between two wishes. */
export const peopleOf = (seed: number): Range | undefined =>
  seed < firstSeed
    ? undefined
    : new Rng(seed ^ 0xadd1).pick([undefined, undefined, [300, 3000], [2000, 9000]] as const)

export class People {
  readonly #world: World
  readonly #rng: Rng
  readonly #pauseMs: Range | undefined
  #busy = false
  #wishes = 0

  constructor(world: World, seed: number, pauseMs: Range | undefined) {
    this.#world = world
    this.#rng = new Rng(seed ^ 0xadd2)
    this.#pauseMs = pauseMs
  }

  start(): void {
    this.#busy = true
    if (this.#pauseMs !== undefined) this.#next(this.#pauseMs)
  }

  /** They want nothing more, and let everybody in again. */
  relent(): void {
    this.#busy = false
    if (this.#pauseMs !== undefined) this.#readmit()
  }

  #next(pauseMs: Range): void {
    this.#world.agenda.after(this.#rng.between(pauseMs), () => {
      if (!this.#busy) return
      const act = this.#rng.pick(acts)
      const about = this.#rng.pick([...this.#world.tabs.values()])
      if (act !== undefined && about !== undefined) this.#ask(act, about.id)
      this.#next(pauseMs)
    })
  }

  #readmit(): void {
    this.#world.agenda.after(relentMs, () => {
      const [leader] = this.#world.leaders()
      const { log } = leader?.state?.protocol ?? {}
      const wishes = log === undefined ? undefined : newestConfiguration(log)?.wishes
      const first = wishes?.find(({ wish }) => wish !== 'voter')
      if (first !== undefined) this.#ask('readmit', first.store)
      this.#readmit()
    })
  }

  #ask(act: Act, about: ReplicaId): void {
    const asker = this.#rng.pick(this.#world.open())
    if (asker === undefined) return
    const id = this.#wishes
    this.#wishes += 1
    this.#world.struck(`${asker.name} wants: ${act} ${about.slice(0, 4)}`)
    const log = asker.state?.protocol.log
    const rotations = rotationsIn(log && newestConfiguration(log))
    asker.give({ type: 'ask', id, act, about, rotations })
    this.#world.agenda.after(patienceMs, () => asker.give({ type: 'askEnded', id }))
  }
}
