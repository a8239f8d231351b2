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
  const open = new Map(vertices.map((vertex) => [vertex.id, vertex]))
  for (;;) {
    let nearest: Vertex | undefined
    let nearestCost = Infinity
    for (const vertex of open.values()) {
      const cost = found.get(vertex.id)?.cost ?? Infinity
      if (cost < nearestCost) [nearest, nearestCost] = [vertex, cost]
    }
    if (nearest === undefined) return found
    open.delete(nearest.id)
    const via = found.get(nearest.id)?.via ?? []
    const through = nearest.id === self ? [] : [...via, nearest.id]
    if (through.length >= hopsMax) continue
    const cost = nearestCost + 1 + (nearest.id === self ? 0 : nearest.weight)
    for (const vertex of open.values()) {
      if (!vertex.heard.includes(nearest.id)) continue
      if (cost < (found.get(vertex.id)?.cost ?? Infinity))
        found.set(vertex.id, { cost, via: through })
    }
  }
}

function waysBack(self: ReplicaId, vertices: readonly Vertex[]): ReadonlySet<ReplicaId> {
  const byId = new Map(vertices.map((vertex) => [vertex.id, vertex]))
  const found = new Set<ReplicaId>([self])
  // A set that grows while it is walked visits what is added.
  for (const id of found) for (const from of byId.get(id)?.heard ?? []) found.add(from)
  return found
}
