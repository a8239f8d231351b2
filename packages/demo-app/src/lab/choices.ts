/** What is played: the network, the two protocols and the seed, as a form. Knows experiments; plays none. */
import type { Protocol } from '@unanimous/simulator'
import { titleOf } from '@unanimous/simulator'
import { element } from '../element.ts'
import type { Experiment } from './address.ts'
import { isSeed, leftSides, oneOf, rightSides, rivalOn, seedMax } from './address.ts'
import type { Preset } from './presets.ts'

export interface Choices {
  readonly form: HTMLElement
  show(experiment: Experiment): void
}

export interface ChoicesEvents {
  /** Another network: what was changed in the one before is dropped. */
  readonly chose: (change: Partial<Experiment>) => void
  readonly share: () => void
  readonly reset: () => void
}

export function createChoices(presets: readonly Preset[], events: ChoicesEvents): Choices {
  const network = element('select', { id: 'lab-network' })
  for (const { name, title } of presets) {
    network.append(element('option', { value: name }, `${name}, ${title}`))
  }
  const left = sideSelect('lab-left', leftSides)
  const right = sideSelect('lab-right', rightSides)
  const seed = element('input', {
    ...{ id: 'lab-seed', type: 'number', min: 1, max: seedMax, step: 1, inputmode: 'numeric' },
  })
  const dice = button('secondary', 'lab-dice', 'Another seed')
  const share = button('secondary', 'lab-share', 'Copy link to this run')
  const reset = button('link', 'lab-reset', 'Undo my changes')
  network.addEventListener('change', () => {
    const name = network.value
    events.chose({ name, text: undefined, left: rivalOn(name) })
  })
  left.addEventListener('change', () => events.chose({ left: oneOf(leftSides, left.value) }))
  right.addEventListener('change', () => events.chose({ right: oneOf(rightSides, right.value) }))
  seed.addEventListener('change', () => {
    const value = Number(seed.value)
    seed.setCustomValidity(isSeed(value) ? '' : `A whole number from 1 to ${seedMax}.`)
    if (seed.reportValidity()) events.chose({ seed: value })
  })
  dice.addEventListener('click', () => {
    events.chose({ seed: 1 + Math.floor(Math.random() * seedMax) })
  })
  share.addEventListener('click', events.share)
  reset.addEventListener('click', events.reset)
  const form = element(
    'div',
    { class: 'choices' },
    field('Network', network),
    field('Left', left),
    field('Right', right),
    element('div', { class: 'seed' }, field('Seed', seed), dice),
    element('div', { class: 'choices-end' }, share, reset),
  )
  return {
    form,
    show(experiment) {
      network.value = experiment.name
      left.value = experiment.left
      right.value = experiment.right
      seed.value = String(experiment.seed)
      reset.hidden = experiment.text === undefined
    },
  }
}

const field = (words: string, input: HTMLElement): HTMLElement =>
  element('label', { class: 'field' }, element('span', {}, words), input)

const button = (kind: string, id: string, words: string): HTMLButtonElement =>
  element('button', { type: 'button', class: kind, id }, words)

function sideSelect(id: string, sides: readonly Protocol[]): HTMLSelectElement {
  const select = element('select', { id })
  for (const side of sides) select.append(element('option', { value: side }, titleOf[side]))
  return select
}
