/** One network as nodes and links, at any moment of its run; it can be dragged and pressed. Knows shots, plays nothing. */
import type { Place, Shot } from '@unanimous/simulator'
import { setAttribute } from '../element.ts'
import { drawn } from '../svg.ts'
import type { Point } from './layout.ts'
import { inside, stage } from './layout.ts'
import type { LinkMark } from './link-marks.ts'
import { makeLink, pairsOf, placeLink, showLink } from './link-marks.ts'
import { makeHub, makeNode, placeNode, showNode } from './node-marks.ts'
import { createParcelMarks } from './parcel-marks.ts'
import { bindHands, nameOf } from './hands.ts'

export interface DrawingEvents {
  readonly linkPressed: (link: LinkMark) => void
  readonly nodePressed: (name: string) => void
  readonly nodeMoved: (name: string, to: Point) => void
}

export interface Drawing {
  readonly svg: SVGSVGElement
  /** Another network. */
  begin(title: string, places: readonly Place[], points: ReadonlyMap<string, Point>): void
  moved(): void
  show(shots: readonly Shot[], view: View): void
}

export interface View {
  readonly shot: Shot | undefined
  readonly atMs: number
  readonly speed: number
  readonly unit: string
}

export function createDrawing(events: DrawingEvents): Drawing {
  const { width, height } = stage
  const links = drawn('g')
  const nodes = drawn('g')
  const svg = drawn('svg', { class: 'drawing', viewBox: `0 0 ${width} ${height}`, role: 'group' })
  const marks = new Map<string, SVGGElement>()
  let linkMarks: readonly LinkMark[] = []
  let points: ReadonlyMap<string, Point> = new Map()
  const pointOf = (name: string): Point | undefined => points.get(name) ?? besideElder(name, points)
  const parcels = createParcelMarks(pointOf)
  svg.append(links, parcels.layer, nodes)
  const place = (): void => {
    for (const [name, node] of marks) placeNode(node, pointOf(name) ?? inside({ x: 0, y: 0 }))
    for (const mark of linkMarks) placeLink(mark, (name) => pointOf(name) ?? { x: 0, y: 0 })
  }
  const nodeNamed = (name: string): SVGGElement => {
    const known = marks.get(name)
    if (known !== undefined) return known
    const made = makeNode(name)
    marks.set(name, made)
    nodes.append(made)
    place()
    return made
  }
  bindHands(svg, {
    pointOf,
    pressed: (target) => {
      const link = linkMarks.find(({ group }) => group === target)
      if (link !== undefined) events.linkPressed(link)
      else {
        const name = nameOf(target)
        if (name !== undefined) events.nodePressed(name)
      }
    },
    moved: events.nodeMoved,
  })
  return {
    svg,
    begin(title, places, where) {
      points = where
      marks.clear()
      linkMarks = pairsOf(places).map(makeLink)
      links.replaceChildren(...linkMarks.map(({ group }) => group))
      for (const { name, role } of places)
        marks.set(name, role === 'hub' ? makeHub(name) : makeNode(name))
      nodes.replaceChildren(...marks.values())
      setAttribute(
        svg,
        'aria-label',
        `${title}: the network. Arrow keys walk, Enter acts, shift and arrows move.`,
      )
      setAttribute(svg.querySelector('.node-button') ?? svg, 'tabindex', 0)
      place()
    },
    moved: place,
    show(shots, { shot, atMs, speed, unit }) {
      if (shot !== undefined) {
        for (const mark of linkMarks) showLink(mark, shot.up)
        for (const glimpse of shot.glimpses) showNode(nodeNamed(glimpse.name), glimpse, unit)
      }
      parcels.show(shots, atMs, speed)
    },
  }
}

/** Whoever came later, with a name such as `a#2`, stands beside the one that it came from. */
function besideElder(name: string, points: ReadonlyMap<string, Point>): Point | undefined {
  const elder = points.get(name.split(/[#_]/)[0] ?? name)
  return elder === undefined ? undefined : inside({ x: elder.x + 34, y: elder.y + 26 })
}
