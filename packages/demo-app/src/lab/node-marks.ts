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

/** The button has no text of its own: what it is called says more than what is drawn. */
export function makeNode(name: string): SVGGElement {
  return drawn(
    'g',
    { class: 'node-mark', 'data-node': name },
    drawn(
      'g',
      { class: 'node-button', role: 'button', tabindex: -1 },
      drawn('circle', { class: 'node-halo', r: 24 }),
      drawn('circle', { class: 'node-body', r: 18 }),
    ),
    drawn('text', { 'aria-hidden': 'true', class: 'node-name', y: 5 }, name),
    drawn('text', { 'aria-hidden': 'true', class: 'node-badge', y: -26 }),
    drawn('text', { 'aria-hidden': 'true', class: 'node-ballot', y: 35 }),
  )
}

/** What takes the focus and says what it is. */
export const buttonOf = (node: SVGGElement): Element => node.querySelector('.node-button') ?? node

export const makeHub = (name: string): SVGGElement =>
  drawn(
    'g',
    { class: 'hub-mark', role: 'img', 'aria-label': `${name}, a switch`, 'data-node': name },
    drawn('rect', { class: 'hub-body', x: -15, y: -11, width: 30, height: 22, rx: 4 }),
    drawn('text', { 'aria-hidden': 'true', class: 'node-name', y: 5 }, name),
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
  setAttribute(buttonOf(node), 'aria-label', nodeWords(glimpse, unit))
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
