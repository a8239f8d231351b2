/**
 * The ring: the group as this tab sees it, alive. Draws at most once a frame and only while somebody can see it. Knows what
 * a group shows of itself; changes nothing.
 */
import type { GroupStatus, Inspect } from 'unanimous'
import { byId, setAttribute } from '../element.ts'
import type { Names } from '../member-rows.ts'
import { drawn } from '../svg.ts'
import type { Past } from '../time/past.ts'
import { createRingFrames } from './ring-frames.ts'
import { makeLine, makeTab, showLine, showTab } from './ring-marks.ts'
import type { Ring } from './ring-view.ts'
import { ringBox, ringOf } from './ring-view.ts'

export interface RingSource {
  readonly me: string
  readonly status: GroupStatus
  readonly names: Names
  readonly inspect: Inspect
}

export interface RingDrawing {
  /** Something may have changed. */
  update(): void
  /** Shows this moment until it is given undefined: what is now. */
  rewind(past: Past | undefined): void
}

export function createRing(source: RingSource): RingDrawing {
  const frames = createRingFrames(source.me)
  const [links, tabs] = [drawn('g', { 'aria-hidden': 'true' }), drawn('g', { role: 'list' })]
  const svg = drawn(
    'svg',
    { viewBox: `0 0 ${ringBox.width} ${ringBox.height}`, class: 'ring' },
    ...[links, frames.layer, tabs],
  )
  setAttribute(tabs, 'aria-label', 'The tabs of this group')
  byId('ring').replaceChildren(svg)
  const tabMarks = keeper(tabs, makeTab)
  const lineMarks = keeper(links, makeLine)
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)')
  let ring: Ring = { nodes: [], links: [], logEnd: 0 }
  let isStale = true
  let past: Past | undefined
  const lore = {
    viaOf: (id: string) => (past === undefined ? frames.viaOf(id) : (past.vias.get(id) ?? [])),
    isCut: (id: string) => past === undefined && isCut(source.inspect.faults, id),
  }
  const schedule = onFrames(svg, (now) => {
    if (isStale) {
      isStale = false
      ring = ringOf(past?.status ?? source.status, source.names, lore)
      setAttribute(svg, 'data-past', past !== undefined)
      tabMarks.keep(ring.nodes.map(({ id }) => id))
      for (const node of ring.nodes) showTab(tabMarks.of(node.id), node, ring.logEnd)
      lineMarks.keep(ring.links.map(({ peer }) => peer))
      for (const link of ring.links) showLine(lineMarks.of(link.peer), link, ring)
    }
    if (isCalm.matches || past !== undefined) return false
    return frames.draw(now, (id) => ring.nodes.find((node) => node.id === id)?.spot)
  })
  source.inspect.faults?.subscribe(() => {
    isStale = true
    schedule()
  })
  source.inspect.trace.on((event) => {
    if (document.hidden || past !== undefined) return
    frames.take(event)
    schedule()
  })
  schedule()
  const update = (): void => {
    isStale = true
    schedule()
  }
  return {
    update,
    rewind(moment) {
      if (moment === undefined && past === undefined) return
      past = moment
      frames.clear()
      update()
    },
  }
}

const isCut = (faults: Inspect['faults'], id: string): boolean =>
  faults?.list().some((fault) => fault.type === 'cut' && fault.peer === id) ?? false

/** Marks by id; one is made when it is first asked for. */
function keeper(
  parent: SVGGElement,
  make: (id: string) => SVGGElement,
): { of: (id: string) => SVGGElement; keep: (ids: readonly string[]) => void } {
  const marks = new Map<string, SVGGElement>()
  return {
    of(id) {
      const known = marks.get(id)
      if (known !== undefined) return known
      const made = make(id)
      marks.set(id, made)
      parent.append(made)
      return made
    },
    keep(ids) {
      for (const [id, mark] of marks) {
        if (ids.includes(id)) continue
        mark.remove()
        marks.delete(id)
      }
    },
  }
}

/** Calls `draw` in the next frame in which `place` can be seen, and again for as long as it says true. */
function onFrames(place: Element, draw: (now: number) => boolean): () => void {
  let isVisible = false
  let isScheduled = false
  let isWanted = false
  const frame = (now: number): void => {
    isScheduled = false
    isWanted = false
    if (draw(now)) schedule()
  }
  const schedule = (): void => {
    isWanted = true
    if (isScheduled || !isVisible) return
    isScheduled = true
    requestAnimationFrame(frame)
  }
  new IntersectionObserver(([entry]) => {
    isVisible = entry?.isIntersecting ?? false
    if (isVisible && isWanted) schedule()
  }).observe(place)
  return schedule
}
