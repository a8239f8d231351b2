/** The network as the text that the simulator reads, to be changed by hand. Judges nothing. */
import type { ScenarioError } from '@unanimous/simulator'
import { element } from '../element.ts'

export interface ScenarioText {
  readonly box: HTMLElement
  show(text: string): void
  complain(errors: readonly ScenarioError[]): void
}

export function createScenarioText(played: (text: string) => void): ScenarioText {
  const area = element('textarea', {
    ...{ id: 'lab-text', rows: 14, spellcheck: 'false', autocapitalize: 'off' },
    'aria-describedby': 'lab-errors',
  })
  const errors = element('p', { id: 'lab-errors', class: 'lab-errors', role: 'alert' })
  const play = element('button', { type: 'button', class: 'secondary' }, 'Play this text')
  play.addEventListener('click', () => played(area.value))
  const box = element(
    'details',
    { class: 'lab-text' },
    element('summary', {}, 'The network as text'),
    element(
      'label',
      { for: 'lab-text', class: 'note' },
      'The same text works on the command line.',
    ),
    ...[area, errors, play],
  )
  return {
    box,
    show(text) {
      if (area.value !== text) area.value = text
      errors.replaceChildren()
    },
    complain(all) {
      errors.replaceChildren(
        ...all.map(({ line, message }) => element('span', {}, `Line ${line}: ${message}. `)),
      )
    },
  }
}
