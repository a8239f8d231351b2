/** The baselines under loss, repetition, reordering, cuts, freezes and restarts: one history, and an end to every proposal. */
import { expect, test } from 'vitest'
import { Rng } from '../src/rng.ts'
import { demand } from '../src/violation.ts'
import type { WorldOptions } from '../src/world-options.ts'
import { calm } from '../src/world-options.ts'
import { BaselineWorld } from '../src/baselines/baseline-world.ts'
import type { Host } from '../src/baselines/host.ts'
import type { Algorithm } from '../src/baselines/machine.ts'
import { omni } from '../src/baselines/omni.ts'
import { raft } from '../src/baselines/raft.ts'

const names = ['a', 'b', 'c', 'd', 'e']

const algorithms: readonly (readonly [string, () => Algorithm<never>])[] = [
  ['raft', () => raft({ preVote: false, checkQuorum: false }) as Algorithm<never>],
  ['raft-pv', () => raft({ preVote: true, checkQuorum: false }) as Algorithm<never>],
  ['raft-pv-cq', () => raft({ preVote: true, checkQuorum: true }) as Algorithm<never>],
  ['omni', () => omni() as Algorithm<never>],
]

function noisyOptions(seed: number): WorldOptions {
  const rng = new Rng(seed ^ 0xba5e)
  const lossy = rng.chance(2, 3)
  return {
    ...calm,
    seed,
    latencyMs: rng.chance(1, 2) ? [1, 10] : [10, 60],
    lost: lossy ? rng.between([5, 100]) : 0,
    duplicated: lossy ? rng.between([0, 50]) : 0,
    late: rng.chance(1, 2) ? 10 : 0,
    ordered: rng.chance(1, 2),
    diskMs: rng.chance(1, 4) ? [10, 150] : [1, 10],
  }
}

type World = BaselineWorld<never>

class Storm {
  readonly #world: World
  readonly #rng: Rng
  #proposals = 0

  constructor(world: World, rng: Rng) {
    this.#world = world
    this.#rng = rng
  }

  play(ms: number): void {
    const { now } = this.#world
    while (this.#world.now - now < ms) {
      this.#strike()
      this.#propose()
      this.#world.run(this.#rng.between([5, 150]))
    }
  }

  #strike(): void {
    const { network, agenda } = this.#world
    const [a, b] = this.#rng.shuffled([...this.#world.hosts.values()])
    if (a === undefined || b === undefined || this.#rng.chance(2, 3)) return
    const lastsMs = this.#rng.between([50, 2000])
    switch (this.#rng.below(4)) {
      case 0:
        a.crash()
        return agenda.after(lastsMs, () => a.open())
      case 1:
        a.freeze()
        return agenda.after(lastsMs, () => a.resume())
      case 2:
        network.mute(a.id, b.id)
        return agenda.after(lastsMs, () => network.unmute(a.id, b.id))
      default:
        network.block(a.id, b.id, this.#rng.chance(1, 2))
        return agenda.after(lastsMs, () => network.unblock(a.id, b.id))
    }
  }

  #propose(): void {
    const host = this.#rng.pick(this.#world.open())
    if (host === undefined || host.outstanding > 50) return
    this.#proposals += 1
    host.propose(new Uint8Array([this.#proposals & 255, this.#proposals >> 8]))
  }
}

function runSeed(algorithm: Algorithm<never>, seed: number): World {
  const world: World = new BaselineWorld(
    noisyOptions(seed),
    algorithm,
    names.slice(0, 3 + (seed % 3)),
  )
  for (const name of names.slice(0, 3 + (seed % 3))) world.add(name).open()
  // One without a vote proposes too.
  world.add('k').open()
  new Storm(world, new Rng(seed ^ 0x570e)).play(12_000)
  world.network.noisy = false
  world.network.healAll()
  for (const host of world.hosts.values()) {
    host.resume()
    host.open()
  }
  const idle = (): boolean => world.open().every(({ outstanding }) => outstanding === 0)
  for (let waited = 0; waited < 20_000 && !idle(); waited += 100) world.run(100)
  demand(idle(), 'liveness', () => describe(world))
  world.run(2000)
  for (const host of world.open()) {
    if (host.name === 'k') continue
    const end = host.machine?.decidedEnd() ?? 0
    const told = world.agreement.acknowledgedEnd
    demand(end >= told, 'durability', () => `${host.name} knows ${end}, callers ${told}`)
  }
  return world
}

const describe = (world: World): string =>
  world
    .open()
    .map((host: Host<never>) => `${host.name} waits for ${host.outstanding}`)
    .join('; ')

test.each(algorithms)(
  '[BL1] %s keeps one history under faults, and answers every proposal afterwards',
  (name, algorithm) => {
    let decided = 0
    for (let seed = 0; seed < 40; seed += 1) {
      try {
        decided += runSeed(algorithm(), seed).agreement.length
      } catch (cause) {
        throw new Error(`${name}, seed ${seed}`, { cause })
      }
    }
    expect(decided).toBeGreaterThan(40 * 20)
  },
)
