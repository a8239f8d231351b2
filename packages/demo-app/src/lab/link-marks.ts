/** The links of a drawing: a line for each pair, with what it carries. Knows directions and points, not runs. */
import type { Direction, Place } from '@unanimous/simulator'
import { setAttribute } from '../element.ts'
import { drawn, rounded } from '../svg.ts'
import type { Carries } from './edits.ts'
import { carries, carriesWords } from './edits.ts'
import type { Point } from './layout.ts'
import { onTheWay } from './layout.ts'

export interface LinkMark {
  readonly a: string
  readonly b: string
  readonly group: SVGGElement
  now: Carries
}

/** Every pair that could be linked: with a hub in the network, only what leads to a hub. */
export function pairsOf(places: readonly Place[]): readonly (readonly [string, string])[] {
  const hubs = new Set(places.filter(({ role }) => role === 'hub').map(({ name }) => name))
  return places.flatMap(({ name: a }, at) =>
    places
      .slice(at + 1)
      .map(({ name: b }) => [a, b] as const)
      .filter(([, b]) => hubs.size === 0 || hubs.has(a) !== hubs.has(b)),
  )
}

export function makeLink([a, b]: readonly [string, string]): LinkMark {
  const group = drawn(
    'g',
    { class: 'link-mark', role: 'button', tabindex: -1, 'data-link': `${a}-${b}` },
    drawn('line', { class: 'link-hit' }),
    drawn('line', { class: 'link-line' }),
    drawn('path', { class: 'link-arrow', d: 'M-5-5 5 0-5 5z' }),
    drawn('path', { class: 'link-cross', d: 'M-5-5 5 5M-5 5 5-5' }),
  )
  return { a, b, group, now: 'none' }
}

export function placeLink({ a, b, group }: LinkMark, pointOf: (name: string) => Point): void {
  const [from, to] = [pointOf(a), pointOf(b)]
  for (const line of group.querySelectorAll('line')) {
    setAttribute(line, 'x1', rounded(from.x))
    setAttribute(line, 'y1', rounded(from.y))
    setAttribute(line, 'x2', rounded(to.x))
    setAttribute(line, 'y2', rounded(to.y))
  }
  // Off the middle, where the lines of a mesh would all cross.
  const at = onTheWay(from, to, 0.4)
  const degrees = rounded((Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI)
  for (const mark of group.querySelectorAll('path')) {
    setAttribute(
      mark,
      'transform',
      `translate(${rounded(at.x)} ${rounded(at.y)}) rotate(${degrees})`,
    )
  }
}

/** A pair that never had a link is drawn fainter than one that lost it. */
export function showLink(mark: LinkMark, up: readonly Direction[]): void {
  const { a, b, group } = mark
  mark.now = carries(up, a, b)
  if (mark.now !== 'none') setAttribute(group, 'data-known', true)
  setAttribute(group, 'data-carries', mark.now)
  setAttribute(group, 'aria-label', `Link: ${carriesWords(a, b, mark.now)}. Enter changes it.`)
}
