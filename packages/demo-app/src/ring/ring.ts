/**
 * The ring: the group as this tab sees it, alive. Draws at most once a frame and only while somebody can see it. Knows what
 * a group shows of itself; changes nothing.
 */
import type { GroupStatus, Inspect } from 'unanimous'
import { byId, element, setAttribute, setText } from '../element.ts'
import type { Names } from '../member-rows.ts'
import { drawn } from '../svg.ts'
import type { Past } from '../time/past.ts'
import { createArrowPaper } from './arrow-paper.ts'
import { createRingFrames } from './ring-frames.ts'
import {
  keyOfFeed,
  makeFeed,
  makeFeedEnd,
  makeLine,
  makeMore,
  makeTab,
  makeVacancy,
  showFeed,
  showLine,
  showMore,
  showTab,
} from './ring-marks.ts'
import { orbit, ringBox } from './ring-places.ts'
import type { Ring } from './ring-view.ts'
import { ringOf } from './ring-view.ts'

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
  const drawing = createDrawing()
  const { svg } = drawing
  const stage = element('div', { class: 'ring-stage' })
  const arrows = createArrowPaper(stage)
  const frames = createRingFrames(source.me, arrows)
  // Arrows pass below the words on the lines.
  stage.append(arrows.canvas, svg)
  byId('ring').replaceChildren(stage)
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)')
  let ring: Ring | undefined
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
      setText(byId('ring-title'), past === undefined ? 'The ring' : 'The ring, as it was')
      drawing.show(ring)
    }
    if (isCalm.matches || past !== undefined) return false
    return frames.draw(now, (id) => ring?.nodes.find((node) => node.id === id)?.spot)
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

const vacancyWords = ['a third tab', 'a second tab', 'a first tab']

/** The drawing and its layers: what lies above hides what is below. */
function createDrawing(): {
  readonly svg: SVGSVGElement
  show(ring: Ring): void
} {
  const layer = (): SVGGElement => drawn('g', { 'aria-hidden': 'true' })
  const [vacancies, feeds, links] = [layer(), layer(), layer()]
  const tabs = drawn('g', { role: 'list', 'aria-label': 'The tabs of this group' })
  const more = makeMore()
  const { x: cx, y: cy, rx, ry } = orbit
  const svg = drawn(
    'svg',
    { class: 'ring' },
    makeFeedEnd(),
    drawn('ellipse', { class: 'ring-orbit', cx, cy, rx, ry }),
    ...[vacancies, feeds, links, tabs, more],
  )
  const tabMarks = keeper(tabs, makeTab)
  const lineMarks = keeper(links, makeLine)
  const feedMarks = keeper(feeds, makeFeed)
  let empty = -1
  return {
    svg,
    show(ring) {
      setAttribute(svg, 'viewBox', `0 0 ${ringBox.width} ${ring.height}`)
      setAttribute(svg, 'data-crowded', ring.isCrowded)
      setAttribute(svg, 'data-row-full', ring.isRowFull)
      if (ring.vacant.length !== empty) {
        empty = ring.vacant.length
        vacancies.replaceChildren(
          ...ring.vacant.map((spot, at) => makeVacancy(spot, vacancyWords[empty - 1 - at] ?? '')),
        )
      }
      tabMarks.keep(ring.nodes.map(({ id }) => id))
      for (const node of ring.nodes) showTab(tabMarks.of(node.id), node, ring.logEnd)
      lineMarks.keep(ring.links.map(({ peer }) => peer))
      for (const link of ring.links) showLine(lineMarks.of(link.peer), link, ring)
      feedMarks.keep(ring.feeds.map(keyOfFeed))
      for (const feed of ring.feeds) showFeed(feedMarks.of(keyOfFeed(feed)), feed, ring)
      showMore(more, ring.more)
    },
  }
}

const isCut = (faults: Inspect['faults'], id: string): boolean =>
  faults?.list().some((fault) => fault.type === 'cut' && fault.peer === id) ?? false

/** Marks by id; one is made when it is first asked for. */
function keeper<T extends SVGElement>(
  parent: SVGGElement,
  make: (id: string) => T,
): { of: (id: string) => T; keep: (ids: readonly string[]) => void } {
  const marks = new Map<string, T>()
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
