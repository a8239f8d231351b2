/** Pointers and keys on a drawing: pressing, dragging, walking from mark to mark. Knows marks by their attributes only. */
import { setAttribute } from '../element.ts'
import type { Point } from './layout.ts'
import { inside } from './layout.ts'

export interface Hands {
  readonly pointOf: (name: string) => Point | undefined
  readonly pressed: (mark: SVGElement) => void
  readonly moved: (name: string, to: Point) => void
}

/** A hand trembles this much, in units of the drawing. */
const dragFrom = 4
const step = 10

const marks = '.node-button, [data-link]'

/** Of the node that a mark belongs to; undefined for a link. */
export const nameOf = (mark: Element): string | undefined =>
  mark.closest<SVGElement>('[data-node]')?.dataset['node']

const arrows: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -step, y: 0 },
  ArrowRight: { x: step, y: 0 },
  ArrowUp: { x: 0, y: -step },
  ArrowDown: { x: 0, y: step },
}

export function bindHands(svg: SVGSVGElement, hands: Hands): void {
  bindPointer(svg, hands)
  bindKeys(svg, hands)
}

function bindPointer(svg: SVGSVGElement, { pointOf, pressed, moved }: Hands): void {
  let held:
    { readonly mark: SVGElement; readonly name: string | undefined; from: Point } | undefined
  let isDragging = false
  svg.addEventListener('pointerdown', (event) => {
    const mark = markOf(event.target)
    if (mark === undefined || event.button !== 0) return
    held = { mark, name: nameOf(mark), from: pointIn(svg, event) }
    isDragging = false
    svg.setPointerCapture(event.pointerId)
  })
  svg.addEventListener('pointermove', (event) => {
    if (held?.name === undefined) return
    const to = pointIn(svg, event)
    if (!isDragging && Math.hypot(to.x - held.from.x, to.y - held.from.y) < dragFrom) return
    const before = pointOf(held.name)
    if (before === undefined) return
    isDragging = true
    moved(held.name, inside({ x: before.x + to.x - held.from.x, y: before.y + to.y - held.from.y }))
    held.from = to
  })
  svg.addEventListener('pointerup', () => {
    const released = held
    held = undefined
    if (released === undefined || isDragging) return
    focusOn(svg, released.mark)
    pressed(released.mark)
  })
  svg.addEventListener('pointercancel', () => {
    held = undefined
  })
}

function bindKeys(svg: SVGSVGElement, { pointOf, pressed, moved }: Hands): void {
  svg.addEventListener('keydown', (event) => {
    const mark = markOf(event.target)
    if (mark === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    const { key, shiftKey } = event
    const arrow = Object.hasOwn(arrows, key) ? arrows[key] : undefined
    if (arrow !== undefined) {
      const name = nameOf(mark)
      const before = name === undefined ? undefined : pointOf(name)
      if (!shiftKey) walk(svg, mark, arrow.x + arrow.y)
      else if (name !== undefined && before !== undefined) {
        moved(name, inside({ x: before.x + arrow.x, y: before.y + arrow.y }))
      }
    } else if (key === 'Enter' || key === ' ') pressed(mark)
    else return
    event.preventDefault()
  })
}

/** Nodes first, then links, round and round. */
function walk(svg: SVGSVGElement, from: SVGElement, direction: number): void {
  const all = [...svg.querySelectorAll<SVGElement>(marks)].sort(
    (a, b) => Number(nameOf(a) === undefined) - Number(nameOf(b) === undefined),
  )
  const next = all[(all.indexOf(from) + Math.sign(direction) + all.length) % all.length]
  if (next !== undefined) focusOn(svg, next)
}

/** One stop for the tab key. */
function focusOn(svg: SVGSVGElement, mark: SVGElement): void {
  for (const each of svg.querySelectorAll('[tabindex="0"]')) setAttribute(each, 'tabindex', -1)
  setAttribute(mark, 'tabindex', 0)
  mark.focus({ preventScroll: true })
}

function markOf(target: EventTarget | null): SVGElement | undefined {
  if (!(target instanceof Element)) return undefined
  return target.closest<SVGElement>(marks) ?? undefined
}

function pointIn(svg: SVGSVGElement, { clientX, clientY }: PointerEvent): Point {
  const matrix = svg.getScreenCTM()
  if (matrix === null) return { x: 0, y: 0 }
  return new DOMPoint(clientX, clientY).matrixTransform(matrix.inverse())
}
