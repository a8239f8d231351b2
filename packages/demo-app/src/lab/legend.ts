/** What the marks of the lab's drawings mean. */
import { element } from '../element.ts'

export const createLegend = (): HTMLElement =>
  element(
    'div',
    { class: 'lab-legend' },
    element(
      'ul',
      { 'aria-label': 'What the dots are' },
      item('election', 'elections'),
      item('entries', 'entries of the log'),
      item('relayed', 'relayed through somebody'),
      item('idle', '“I am here”'),
    ),
    element(
      'p',
      { class: 'note' },
      'A sample of the frames, drawn slower than they were. A node has the colour of its ballot; the one that leads is crowned.',
    ),
  )

const item = (kind: string, words: string): HTMLElement =>
  element('li', {}, element('span', { class: 'parcel-sample', 'data-class': kind }), words)
