/** The participants of a drawing: a disc in the colour of its ballot, and how it fares. Knows glimpses, not runs. */
import type { Glimpse } from '@unanimous/simulator'
import { setAttribute, setHue, setText } from '../element.ts'
import { hueOfBallot } from '../names.ts'
import { drawn, rounded } from '../svg.ts'
import type { Point } from './layout.ts'

const badges: Readonly<Record<Glimpse['doing'], string>> = {
  leads: '♛',
  asks: '?',
  follows: '',
  closed: '✕',
  frozen: '❄',
}

export function makeNode(name: string): SVGGElement {
  return drawn(
    'g',
    { class: 'node-mark', role: 'button', tabindex: -1, 'data-node': name },
    drawn('circle', { class: 'node-halo', r: 24 }),
    drawn('circle', { class: 'node-body', r: 18 }),
    drawn('text', { class: 'node-name', y: 5 }, name),
    drawn('text', { class: 'node-badge', y: -26 }),
    drawn('text', { class: 'node-ballot', y: 35 }),
  )
}

export const makeHub = (name: string): SVGGElement =>
  drawn(
    'g',
    { class: 'hub-mark', role: 'img', 'aria-label': `${name}, a switch`, 'data-node': name },
    drawn('rect', { class: 'hub-body', x: -15, y: -11, width: 30, height: 22, rx: 4 }),
    drawn('text', { class: 'node-name', y: 5 }, name),
  )

export const placeNode = (node: SVGGElement, { x, y }: Point): void =>
  setAttribute(node, 'transform', `translate(${rounded(x)} ${rounded(y)})`)

/** `unit`: how the protocol calls its ballots. */
export function showNode(node: SVGGElement, glimpse: Glimpse, unit: string): void {
  const { doing, isHidden, ballot } = glimpse
  setAttribute(node, 'data-doing', doing)
  setAttribute(node, 'data-hidden', isHidden)
  setHue(node, hueOfBallot(ballot))
  const badge = node.querySelector('.node-badge')
  if (badge !== null) setText(badge, badges[doing])
  const number = node.querySelector('.node-ballot')
  if (number !== null) setText(number, `${unit} ${ballot}`)
  setAttribute(node, 'aria-label', nodeWords(glimpse, unit))
}

const doingWords: Readonly<Record<Glimpse['doing'], string>> = {
  leads: 'leads',
  asks: 'asks to lead',
  follows: 'follows',
  closed: 'is gone',
  frozen: 'is frozen',
}

export function nodeWords(glimpse: Glimpse, unit: string): string {
  const { name, doing, follows, ballot, decidedEnd, logEnd, isHidden } = glimpse
  const whom = doing === 'follows' ? ` ${follows ?? 'nobody'}` : ''
  const hidden = isHidden ? ', hidden' : ''
  return `${name} ${doingWords[doing]}${whom}${hidden}, ${unit} ${ballot}, ${decidedEnd} of ${logEnd} decided`
}
