/** The marks of the ring: a disc for each tab, a line for each link. Each lives as long as its tab. Knows no group. */
import { setAttribute, setHue, setText } from '../element.ts'
import { hueOfBallot } from '../names.ts'
import { drawn, rounded } from '../svg.ts'
import { watches } from './audience.ts'
import type { Feed } from './audience.ts'
import type { Spot } from './ring-places.ts'
import { isInRow, isUpper } from './ring-places.ts'
import type { Ring, RingLink, RingNode } from './ring-view.ts'
import { nodeWords, rttWords } from './ring-view.ts'

const cells = 12
const cellWidth = 5

const badges = { silent: '❄', away: '✕', hidden: '◐', well: '', arriving: '…', far: '' } as const

export function makeTab(id: string): SVGGElement {
  const strip = Array.from({ length: cells }, (_, at) =>
    drawn('rect', { class: 'ring-cell', x: at * cellWidth - 30, y: 1, width: 4, height: 6 }),
  )
  return drawn(
    'g',
    { class: 'ring-tab', role: 'listitem', 'data-tab': id },
    drawn('title'),
    drawn('circle', { class: 'ring-halo', r: 23 }),
    drawn('circle', { class: 'ring-body', r: 18 }),
    drawn('text', { class: 'ring-initials', y: 5 }),
    drawn('text', { class: 'ring-badge' }),
    drawn('text', { class: 'ring-name' }),
    drawn(
      'g',
      { class: 'ring-strip' },
      ...strip,
      drawn('rect', { class: 'ring-decided', width: 1.6, height: 8 }),
    ),
  )
}

export function showTab(mark: SVGGElement, node: RingNode, longest: number): void {
  const { look, spot, fare, rung, isLeader, isMe, ballot } = node
  setAttribute(mark, 'transform', `translate(${rounded(spot.x)} ${rounded(spot.y)})`)
  setAttribute(mark, 'data-fare', fare)
  setAttribute(mark, 'data-rung', isLeader ? 'leader' : rung)
  setAttribute(mark, 'data-me', isMe)
  setAttribute(mark, 'data-ballot', ballot)
  setAttribute(mark, 'aria-label', nodeWords(node))
  setHue(mark, ballot === 0 ? look.hue : hueOfBallot(ballot))
  say(mark, 'title', nodeWords(node))
  say(mark, '.ring-initials', look.initials)
  say(mark, '.ring-badge', isLeader ? '♛' : badges[fare])
  say(mark, '.ring-name', isMe ? 'this tab' : look.name)
  placeWords(mark, node)
  if (!watches(rung)) showStrip(mark, node, longest)
}

/** Below the tab, above it or beside it, wherever no lines come from. */
function placeWords(mark: SVGGElement, { spot, rung, hasBelow }: RingNode): void {
  const words = watches(rung) ? watching : hasBelow ? beside : isUpper(spot) ? above : below
  setAttribute(mark, 'data-watches', watches(rung))
  setAttribute(mark, 'data-words', words === beside ? 'beside' : undefined)
  const at = (selector: string, name: string, value: number | string): void => {
    const found = mark.querySelector(selector)
    if (found !== null) setAttribute(found, name, value)
  }
  at('.ring-badge', 'y', words.badge)
  at('.ring-name', 'y', words.name)
  at('.ring-name', 'x', words === beside ? besideUnits : 0)
  at(
    '.ring-strip',
    'transform',
    `translate(${words === beside ? besideUnits + 30 : 0} ${words.strip})`,
  )
}

const below = { badge: -27, name: 37, strip: 41 } as const
const above = { badge: -46, name: -35, strip: -32 } as const
/** Somebody is fed from here: the lines to whoever that is go down. */
const beside = { badge: -27, name: 5, strip: 9 } as const
const besideUnits = 31
const watching = { badge: -18, name: 28, strip: 0 } as const

/** The last entries of the longest log: which of them this one has, and where its decided line is. */
function showStrip(
  mark: SVGGElement,
  { logEnd, decidedEnd, ballot }: RingNode,
  longest: number,
): void {
  const first = Math.max(0, longest - cells)
  for (const [at, cell] of [...mark.querySelectorAll('.ring-cell')].entries()) {
    const index = first + at
    const holds = index < decidedEnd ? 'decided' : index < logEnd ? 'open' : 'none'
    setAttribute(cell, 'data-holds', ballot === 0 ? 'none' : holds)
  }
  const line = mark.querySelector('.ring-decided')
  if (line === null) return
  const cellsDecided = Math.min(cells, Math.max(0, decidedEnd - first))
  setAttribute(line, 'x', cellsDecided * cellWidth - 31.2)
  setAttribute(line, 'visibility', ballot === 0 ? 'hidden' : undefined)
}

function say(mark: SVGGElement, selector: string, text: string): void {
  const found = mark.querySelector(selector)
  if (found !== null) setText(found, text)
}

export const makeLine = (peer: string): SVGGElement =>
  drawn(
    'g',
    { class: 'ring-link', 'data-link-to': peer },
    drawn('path', { class: 'ring-line' }),
    drawn('text', { class: 'ring-rtt' }),
  )

export function showLine(mark: SVGGElement, link: RingLink, ring: Ring): void {
  const spotOf = (id: string): Spot | undefined => ring.nodes.find((node) => node.id === id)?.spot
  const me = ring.nodes.find(({ isMe }) => isMe)?.spot
  const peer = spotOf(link.peer)
  if (me === undefined || peer === undefined) return
  setAttribute(mark, 'data-state', link.state)
  const way = [me, ...link.via.flatMap((id) => spotOf(id) ?? []), peer]
  const points = way.map(({ x, y }) => `${rounded(x)} ${rounded(y)}`).join('L')
  const line = mark.querySelector('.ring-line')
  if (line !== null) setAttribute(line, 'd', `M${points}`)
  const text = mark.querySelector('.ring-rtt')
  if (text === null) return
  // On the last leg: the others are somebody else's links, too.
  const from = way.at(-2) ?? me
  setAttribute(text, 'x', rounded(from.x + (peer.x - from.x) * 0.5))
  setAttribute(text, 'y', rounded(from.y + (peer.y - from.y) * 0.5 + 4))
  const hasRoom = Math.hypot(peer.x - from.x, peer.y - from.y) >= roomForWords
  setText(text, hasRoom && !isInRow(from, peer) ? rttOf(link) : '')
}

export const keyOfFeed = ({ from, to }: Feed): string => `${from} ${to}`

/** The arrow that what is decided takes to whoever watches. */
export const makeFeed = (): SVGPathElement =>
  drawn('path', { class: 'ring-feed', 'marker-end': 'url(#ring-feed-end)' })

/** Of the discs at both ends, and a little air. */
const [memberRadius, arrowRoom, rowRadius] = [24, 19, 15]

export function showFeed(mark: SVGPathElement, { from, to }: Feed, ring: Ring): void {
  const spotOf = (id: string): Spot | undefined => ring.nodes.find((node) => node.id === id)?.spot
  const [a, b] = [spotOf(from), spotOf(to)]
  if (a === undefined || b === undefined) return
  if (isInRow(a, b)) {
    // Over the heads of whoever stands between.
    const [top, rise] = [a.y - rowRadius, Math.abs(b.x - a.x) * 0.3]
    const bow = `Q${rounded((a.x + b.x) / 2)} ${rounded(top - rise)}`
    setAttribute(mark, 'd', `M${rounded(a.x)} ${top}${bow} ${rounded(b.x)} ${top - 2}`)
    return
  }
  const length = Math.max(1, Math.hypot(b.x - a.x, b.y - a.y))
  const along = (units: number): string =>
    `${rounded(a.x + ((b.x - a.x) * units) / length)} ${rounded(a.y + ((b.y - a.y) * units) / length)}`
  setAttribute(mark, 'd', `M${along(memberRadius)}L${along(length - arrowRoom)}`)
}

export const makeFeedEnd = (): SVGElement =>
  drawn(
    'defs',
    {},
    drawn(
      'marker',
      {
        ...{ id: 'ring-feed-end', viewBox: '0 0 10 10', refX: 8, refY: 5, orient: 'auto' },
        ...{ markerWidth: 5, markerHeight: 5 },
      },
      drawn('path', { class: 'ring-feed-end', d: 'M0 0 10 5 0 10z' }),
    ),
  )

/** In place of those who have no room in the row. */
export const makeMore = (): SVGGElement =>
  drawn(
    'g',
    { class: 'ring-more' },
    drawn('rect', { x: -17, y: -11, width: 34, height: 22, rx: 11 }),
    drawn('text', { class: 'ring-more-count', y: 4 }),
    drawn('text', { y: 27 }, 'watching'),
  )

export function showMore(mark: SVGGElement, more: Ring['more']): void {
  setAttribute(mark, 'visibility', more === undefined ? 'hidden' : undefined)
  if (more === undefined) return
  const { spot, count } = more
  setAttribute(mark, 'transform', `translate(${rounded(spot.x)} ${rounded(spot.y)})`)
  say(mark, '.ring-more-count', `+${count}`)
}

/** Where a tab would stand that nobody has opened yet. */
export const makeVacancy = (spot: Spot, words: string): SVGGElement =>
  drawn(
    'g',
    {
      class: 'ring-vacancy',
      transform: `translate(${rounded(spot.x)} ${rounded(spot.y)})`,
    },
    drawn('circle', { r: 18 }),
    drawn('text', { y: -30 }, words),
  )

/** Shorter ones have no room for words. */
const roomForWords = 100

function rttOf({ state, rttMs }: RingLink): string {
  if (state === 'relayed') return 'relayed'
  if (state === 'silent' || state === 'cut') return state
  return rttMs === undefined || state !== 'open' ? '' : rttWords(rttMs)
}
