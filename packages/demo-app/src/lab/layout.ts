/** Where the participants of a drawing stand: on an ellipse to begin with, then wherever somebody dragged them. Pure. */
import type { Place } from '@unanimous/simulator'

export interface Point {
  readonly x: number
  readonly y: number
}

/** Of a drawing, in its own units. */
export const stage: { readonly width: number; readonly height: number; readonly margin: number } = {
  width: 400,
  height: 272,
  margin: 30,
}

const centre: Point = { x: stage.width / 2, y: stage.height / 2 - 4 }

/** Voters on the ellipse, clockwise from the top; a hub in the middle. */
export function standingPlaces(places: readonly Place[]): ReadonlyMap<string, Point> {
  const around = places.filter(({ role }) => role !== 'hub')
  const points = new Map<string, Point>()
  for (const [at, { name }] of around.entries()) {
    const angle = (at / around.length) * 2 * Math.PI - Math.PI / 2
    points.set(name, { x: centre.x + 140 * Math.cos(angle), y: centre.y + 94 * Math.sin(angle) })
  }
  const hubs = places.filter(({ role }) => role === 'hub')
  for (const [at, { name }] of hubs.entries()) {
    points.set(name, { x: centre.x + 40 * (at - (hubs.length - 1) / 2), y: centre.y })
  }
  return points
}

/** Keeps the whole participant inside. */
export const inside = ({ x, y }: Point): Point => ({
  x: Math.min(stage.width - stage.margin, Math.max(stage.margin, x)),
  y: Math.min(stage.height - stage.margin, Math.max(stage.margin, y)),
})

/** From one point towards another. `share` in [0, 1]. `aside`: to the left of the way, so that the way back is beside it. */
export function onTheWay(from: Point, to: Point, share: number, aside = 0): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  const along = { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
  if (length === 0) return along
  return {
    x: along.x + ((to.y - from.y) / length) * aside,
    y: along.y - ((to.x - from.x) / length) * aside,
  }
}
