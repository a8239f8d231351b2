/**
 * Which links are up, and what way a frame takes: straight, or through hubs, which only forward. Knows names; what lies
 * between two of them is handed to a network as it changes.
 */
import type { ReplicaId } from '@unanimous/core/internal'
import type { Range } from '../rng.ts'
import type { Direction, Scenario } from './scenario.ts'
import { namesOf, proposersOf } from './scenario.ts'

/** The part of a network that a topology moves. */
export interface Wires {
  block(a: ReplicaId, b: ReplicaId, silent: boolean): void
  unblock(a: ReplicaId, b: ReplicaId): void
  mute(from: ReplicaId, to: ReplicaId): void
  unmute(from: ReplicaId, to: ReplicaId): void
  route(from: ReplicaId, to: ReplicaId, hops: readonly Range[]): void
}

const keyOf = ({ from, to }: Direction): string => `${from}>${to}`

export class Topology {
  readonly #scenario: Scenario
  readonly #ends: readonly string[]
  readonly #hubs: readonly string[]
  readonly #latency = new Map<string, Range>()
  /** A place that came later is where its elder is. */
  readonly #alias = new Map<string, string>()
  #up: Set<string>

  constructor(scenario: Scenario) {
    this.#scenario = scenario
    this.#ends = proposersOf(scenario.places)
    this.#hubs = namesOf(scenario.places, 'hub')
    this.#up = new Set(scenario.links.map(keyOf))
    for (const { directions, rangeMs } of scenario.latencies) {
      for (const direction of directions) this.#latency.set(keyOf(direction), rangeMs)
    }
  }

  cut(directions: readonly Direction[]): void {
    for (const direction of directions) this.#up.delete(keyOf(direction))
  }

  /** Undefined: all is as it was at time 0. */
  heal(directions: readonly Direction[] | undefined): void {
    if (directions === undefined) this.#up = new Set(this.#scenario.links.map(keyOf))
    else for (const direction of directions) this.#up.add(keyOf(direction))
  }

  /** `name` is beside `elder`, on the same machine. */
  addBeside(name: string, elder: string): void {
    this.#alias.set(name, elder)
  }

  /** The hops from one to another, each with its latency; undefined: there is no way. */
  hops(from: string, to: string): readonly Range[] | undefined {
    const [begin, end] = [this.#alias.get(from) ?? from, this.#alias.get(to) ?? to]
    // Two tabs of one machine hear each other whatever the networks do.
    if (begin === end) return [this.#scenario.latencyMs]
    const ways: { readonly at: string; readonly hops: readonly Range[] }[] = [
      { at: begin, hops: [] },
    ]
    const seen = new Set([begin])
    for (const { at, hops } of ways) {
      for (const next of [end, ...this.#hubs]) {
        const key = `${at}>${next}`
        if (seen.has(next) || !this.#up.has(key)) continue
        const further = [...hops, this.#latency.get(key) ?? this.#scenario.latencyMs]
        if (next === end) return further
        seen.add(next)
        ways.push({ at: next, hops: further })
      }
    }
    return undefined
  }

  /** The directions that are up now, in the order of the text. */
  up(): readonly Direction[] {
    return [...this.#up].map((key) => {
      const [from = '', to = ''] = key.split('>')
      return { from, to }
    })
  }

  get ends(): readonly string[] {
    return this.#ends
  }
}

/** Keeps a network as its topology is: each pair is touched only when something about it changes. */
export class Wiring {
  readonly #wires: Wires
  readonly #topology: Topology
  readonly #known = new Map<string, string>()

  constructor(wires: Wires, topology: Topology) {
    this.#wires = wires
    this.#topology = topology
  }

  apply(ids: ReadonlyMap<string, ReplicaId>): void {
    const names = [...ids.entries()]
    for (const [a, idA] of names) {
      for (const [b, idB] of names) {
        if (a < b && idA !== idB) this.#connect({ a, b, idA, idB })
      }
    }
  }

  #connect({ a, b, idA, idB }: Ends): void {
    const there = this.#topology.hops(a, b)
    const back = this.#topology.hops(b, a)
    const key = `${idA}|${idB}`
    const now = JSON.stringify([there ?? null, back ?? null])
    if (this.#known.get(key) === now) return
    this.#known.set(key, now)
    const wires = this.#wires
    if (there === undefined && back === undefined) {
      wires.block(idA, idB, false)
      return
    }
    wires.unblock(idA, idB)
    for (const [from, to, hops] of [
      [idA, idB, there],
      [idB, idA, back],
    ] as const) {
      if (hops === undefined) {
        wires.mute(from, to)
        continue
      }
      wires.unmute(from, to)
      wires.route(from, to, hops)
    }
  }
}

interface Ends {
  readonly a: string
  readonly b: string
  readonly idA: ReplicaId
  readonly idB: ReplicaId
}
