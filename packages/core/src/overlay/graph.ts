/**
 * Who reaches whom over links that work in one direction each: shortest routes from one store, and who finds a way back to
 * it. Arithmetic over names; knows no clocks and no messages (protocol.md section 9).
 */
import type { ReplicaId } from '../protocol/ids.ts'

export interface Vertex {
  readonly id: ReplicaId
  /** Whose frames come to it directly. */
  readonly heard: readonly ReplicaId[]
  /** What it costs to go through it, above the 1 of every hop. */
  readonly weight: number
}

export interface Way {
  /** The stores between, in order; none: directly. */
  readonly via: readonly ReplicaId[]
  /** Whether a way leads back, too. */
  readonly back: boolean
}

/** To every vertex that `self` reaches with at most `hopsMax` hops. `vertices` holds `self`; ties go to the first in it. */
export function waysFrom(
  self: ReplicaId,
  vertices: readonly Vertex[],
  hopsMax: number,
): ReadonlyMap<ReplicaId, Way> {
  const routes = routesFrom(self, vertices, hopsMax)
  const back = waysBack(self, vertices)
  const ways = new Map<ReplicaId, Way>()
  for (const [id, { via }] of routes) {
    if (id !== self) ways.set(id, { via, back: back.has(id) })
  }
  return ways
}

interface Route {
  readonly cost: number
  readonly via: readonly ReplicaId[]
}

/** Dijkstra's search: a few dozen vertices at most, so a list is as good as a heap. */
function routesFrom(
  self: ReplicaId,
  vertices: readonly Vertex[],
  hopsMax: number,
): ReadonlyMap<ReplicaId, Route> {
  const found = new Map<ReplicaId, Route>([[self, { cost: 0, via: [] }]])
  const costs = vertices.map(({ id }) => (id === self ? 0 : Infinity))
  const open = vertices.map(() => true)
  for (;;) {
    const at = nearestOf(costs, open)
    const nearest = vertices[at]
    if (nearest === undefined) return found
    open[at] = false
    const via = found.get(nearest.id)?.via ?? []
    const through = nearest.id === self ? [] : [...via, nearest.id]
    if (through.length >= hopsMax) continue
    const cost = (costs[at] ?? 0) + 1 + (nearest.id === self ? 0 : nearest.weight)
    vertices.forEach(({ id, heard }, other) => {
      if (open[other] !== true || cost >= (costs[other] ?? 0)) return
      if (!heard.includes(nearest.id)) return
      costs[other] = cost
      found.set(id, { cost, via: through })
    })
  }
}

/** The first of the cheapest that is still open; -1: none that is reached. */
function nearestOf(costs: readonly number[], open: readonly boolean[]): number {
  let nearest = -1
  let nearestCost = Infinity
  costs.forEach((cost, at) => {
    if (open[at] === true && cost < nearestCost) [nearest, nearestCost] = [at, cost]
  })
  return nearest
}

function waysBack(self: ReplicaId, vertices: readonly Vertex[]): ReadonlySet<ReplicaId> {
  const byId = new Map(vertices.map((vertex) => [vertex.id, vertex]))
  const found = new Set<ReplicaId>([self])
  // A set that grows while it is walked visits what is added.
  for (const id of found) for (const from of byId.get(id)?.heard ?? []) found.add(from)
  return found
}
