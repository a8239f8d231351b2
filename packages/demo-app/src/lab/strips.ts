/** The logs of one run as strips: the last entries of the longest one, each in its ballot's colour, and how far it is decided. */
import type { Glimpse, Shot } from '@unanimous/simulator'
import { element, keyedList, setAttribute, setHue, setText } from '../element.ts'
import { hueOfBallot } from '../names.ts'
import { drawn } from '../svg.ts'

const cells = 60
const cellUnits = 10

export function createStrips(): { list: HTMLElement; show(shot: Shot | undefined): void } {
  const list = element('ul', { class: 'strips', 'aria-label': 'Logs' })
  let end = 0
  const showAll = keyedList<Glimpse>({
    parent: list,
    keyOf: ({ name }) => name,
    make: ({ name }) =>
      element(
        'li',
        { class: 'strip' },
        element('span', { class: 'strip-name' }, name),
        stripOf(),
        element('span', { class: 'strip-note' }),
      ),
    update: (made, glimpse) => showStrip(made, glimpse, end),
  })
  return {
    list,
    show(shot) {
      const glimpses = shot?.glimpses ?? []
      end = Math.max(cells, ...glimpses.map(({ logEnd }) => logEnd))
      showAll(glimpses)
    },
  }
}

const stripOf = (): SVGSVGElement =>
  drawn(
    'svg',
    {
      class: 'strip-film',
      viewBox: `0 0 ${cells * cellUnits} 20`,
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
    },
    drawn('g'),
    drawn('rect', { class: 'strip-open', y: 0, height: 20 }),
    drawn('rect', { class: 'strip-line', y: 0, width: 3, height: 20 }),
  )

function showStrip(made: HTMLElement, glimpse: Glimpse, end: number): void {
  const { tail, logEnd, decidedEnd, doing } = glimpse
  setAttribute(made, 'data-doing', doing)
  const first = end - cells
  const x = (index: number): number => Math.max(0, index - first) * cellUnits
  const group = made.querySelector('g')
  if (group !== null) {
    while (group.childElementCount < tail.length) {
      group.append(drawn('rect', { class: 'strip-entries', y: 0, height: 20 }))
    }
    for (const [at, rect] of [...group.querySelectorAll('rect')].entries()) {
      const stretch = tail[at]
      setAttribute(rect, 'x', x(stretch?.from ?? 0))
      setAttribute(rect, 'width', stretch === undefined ? 0 : x(stretch.end) - x(stretch.from))
      setHue(rect, hueOfBallot(stretch?.ballot ?? 0))
    }
  }
  const [open, line] = [made.querySelector('.strip-open'), made.querySelector('.strip-line')]
  if (open !== null) {
    setAttribute(open, 'x', x(decidedEnd))
    setAttribute(open, 'width', x(logEnd) - x(Math.min(decidedEnd, logEnd)))
  }
  if (line !== null) setAttribute(line, 'x', Math.max(0, x(decidedEnd) - 3))
  const note = made.querySelector('.strip-note')
  const behind = end - logEnd
  if (note !== null) setText(note, behind > cells / 2 ? `${behind} behind` : `${decidedEnd}`)
}
