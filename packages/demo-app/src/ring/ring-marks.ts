/** The marks of the ring: a disc for each tab, a line for each link. Each lives as long as its tab. Knows no group. */
import { setAttribute, setHue, setText } from '../element.ts'
import { hueOfBallot } from '../names.ts'
import { drawn, rounded } from '../svg.ts'
import type { Ring, RingLink, RingNode, Spot } from './ring-view.ts'
import { nodeWords, rttWords } from './ring-view.ts'

const cells = 12
const cellWidth = 5

const badges = { silent: '❄', away: '✕', hidden: '◐', well: '', arriving: '…' } as const

export function makeTab(id: string): SVGGElement {
  const strip = Array.from({ length: cells }, (_, at) =>
    drawn('rect', { class: 'ring-cell', x: at * cellWidth - 30, y: 38, width: 4, height: 6 }),
  )
  return drawn(
    'g',
    { class: 'ring-tab', role: 'listitem', 'data-tab': id },
    drawn('title'),
    drawn('circle', { class: 'ring-halo', r: 23 }),
    drawn('circle', { class: 'ring-body', r: 18 }),
    drawn('text', { class: 'ring-initials', y: 5 }),
    drawn('text', { class: 'ring-badge', y: -27 }),
    drawn('text', { class: 'ring-name', y: 33 }),
    ...strip,
    drawn('rect', { class: 'ring-decided', y: 37, width: 1.6, height: 8 }),
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
  showStrip(mark, node, longest)
}

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
  setAttribute(text, 'x', rounded(me.x + (peer.x - me.x) * 0.5))
  setAttribute(text, 'y', rounded(me.y + (peer.y - me.y) * 0.5 + 4))
  setText(text, rttOf(link))
}

function rttOf({ state, rttMs }: RingLink): string {
  if (state === 'relayed') return 'relayed'
  if (state === 'silent' || state === 'cut') return state
  return rttMs === undefined || state !== 'open' ? '' : rttWords(rttMs)
}
