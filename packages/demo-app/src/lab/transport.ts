/** Play, pause, speed and the place in a run, as a bar. Knows a clock; does not know what is shown. */
import { element, setAttribute, setText } from '../element.ts'
import type { Clock } from './clock.ts'
import { clockWords } from './world-words.ts'

const speeds = [0.1, 0.5, 1, 2, 5, 20]
const usualSpeed = 2
const stepMs = 100

export interface Transport {
  readonly bar: HTMLElement
  /** As the clock is now. */
  show(): void
}

export function createTransport(clock: Clock): Transport {
  const play = element('button', { type: 'button', class: 'primary', id: 'lab-play' }, 'Play')
  const back = stepButton('−0.1 s', 'one window back')
  const ahead = stepButton('+0.1 s', 'one window ahead')
  const scrub = element('input', { type: 'range', id: 'lab-scrub', min: 0, step: stepMs, value: 0 })
  setAttribute(scrub, 'aria-label', 'Time in the run')
  const output = element('output', { class: 'lab-clock', for: 'lab-scrub' })
  play.addEventListener('click', () => clock.setPlaying(!clock.isPlaying))
  for (const [button, by] of [[back, -stepMs] as const, [ahead, stepMs] as const]) {
    button.addEventListener('click', () => {
      clock.setPlaying(false)
      clock.seek(Math.round(clock.atMs / stepMs) * stepMs + by)
    })
  }
  scrub.addEventListener('input', () => {
    const wanted = Number(scrub.value)
    clock.setPlaying(false)
    clock.seek(wanted)
  })
  return {
    bar: element(
      'div',
      { class: 'transport', role: 'group', 'aria-label': 'Time' },
      ...[play, back, ahead, scrub, output],
      element('label', { class: 'field' }, 'Speed ', speedSelect(clock)),
    ),
    show() {
      const { atMs, runMs, isPlaying } = clock
      setText(play, isPlaying ? 'Pause' : 'Play')
      setText(output, clockWords(atMs))
      setAttribute(scrub, 'max', runMs)
      if (Number(scrub.value) !== atMs) scrub.value = String(atMs)
      setAttribute(scrub, 'aria-valuetext', clockWords(atMs))
    },
  }
}

const stepButton = (words: string, label: string): HTMLButtonElement =>
  element(
    'button',
    { type: 'button', class: 'secondary step', 'aria-label': `${words}, ${label}` },
    words,
  )

function speedSelect(clock: Clock): HTMLSelectElement {
  const select = element('select', { id: 'lab-speed' })
  for (const speed of speeds) {
    select.append(element('option', { value: speed, selected: speed === usualSpeed }, `${speed}×`))
  }
  clock.speed = usualSpeed
  select.addEventListener('change', () => {
    clock.speed = Number(select.value)
  })
  return select
}
