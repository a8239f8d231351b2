/** One side of the lab: a protocol on a network, drawn at a moment, with its figures and its story. Plays nothing. */
import type { Judgement, Protocol, Scenario, StoryLine } from '@unanimous/simulator'
import { titleOf } from '@unanimous/simulator'
import { element, keyedList, setAttribute, setText } from '../element.ts'
import type { Drawing, DrawingEvents } from './drawing.ts'
import { createDrawing } from './drawing.ts'
import type { Point } from './layout.ts'
import type { Recording } from './recording.ts'
import { createTotals, knownMs, shotAt } from './recording.ts'
import { createStrips } from './strips.ts'
import { createTimeline } from './timeline.ts'
import type { Figure } from './world-words.ts'
import { clockWords, figuresOf, judgementWords, unitOf, verdictOf } from './world-words.ts'

const linesShown = 6

export interface WorldCard {
  readonly card: HTMLElement
  readonly drawing: Drawing
  begin(protocol: Protocol, scenario: Scenario, points: ReadonlyMap<string, Point>): void
  show(recording: Recording, atMs: number, speed: number): void
}

export function createWorldCard(side: 'left' | 'right', events: DrawingEvents): WorldCard {
  const drawing = createDrawing(events)
  const timeline = createTimeline()
  const strips = createStrips()
  const totals = createTotals()
  const figures = createFigures()
  const judgements = createJudgements()
  const story = createStory()
  const title = element('h3', { id: `world-${side}` })
  const line = element('strong')
  const small = element('span')
  const verdict = element('p', { class: 'verdict', role: 'status' }, line, ' ', small)
  const card = element(
    'section',
    { class: 'world', 'data-side': side, 'aria-labelledby': `world-${side}` },
    element('header', { class: 'world-head' }, title, verdict),
    element('div', { class: 'world-stage' }, drawing.svg),
    timeline.svg,
    strips.list,
    figures.table,
    judgements.list,
    story.list,
  )
  let protocol: Protocol = 'raft'
  let runMs = 0
  return {
    card,
    drawing,
    begin(next, scenario, points) {
      protocol = next
      runMs = scenario.runMs
      setText(title, titleOf[protocol])
      setAttribute(card, 'data-protocol', protocol)
      drawing.begin(titleOf[protocol], scenario.places, points)
    },
    show(recording, atMs, speed) {
      const { ending, shots } = recording
      const shot = shotAt(recording, atMs)
      const spoken = verdictOf(ending, knownMs(recording), runMs)
      setAttribute(verdict, 'data-tone', spoken.tone)
      setText(line, spoken.line)
      setText(small, spoken.small)
      drawing.show(shots, { shot, atMs, speed, unit: unitOf(protocol) })
      timeline.show(recording, runMs, atMs)
      strips.show(shot)
      figures.show(figuresOf(totals(recording, atMs), ending))
      judgements.show(ending?.judgements ?? [])
      story.show(recording.story, atMs)
    },
  }
}

function createFigures(): { table: HTMLElement; show: (figures: readonly Figure[]) => void } {
  const body = element('tbody')
  const head = element(
    'thead',
    {},
    element(
      'tr',
      {},
      element('td'),
      element('th', { scope: 'col' }, 'so far'),
      element('th', { scope: 'col' }, 'whole run'),
    ),
  )
  const show = keyedList<Figure>({
    parent: body,
    keyOf: ({ key }) => key,
    make: ({ key, title }) =>
      element(
        'tr',
        { 'data-figure': key },
        element('th', { scope: 'row' }, title),
        element('td', { 'data-when': 'now' }),
        element('td', { 'data-when': 'whole' }),
      ),
    update: (row, { soFar, whole }) => {
      const [now, all] = row.querySelectorAll('td')
      if (now !== undefined) setText(now, soFar)
      if (all !== undefined) setText(all, whole)
    },
  })
  return { table: element('table', { class: 'figures' }, head, body), show }
}

function createJudgements(): { list: HTMLElement; show: (all: readonly Judgement[]) => void } {
  const list = element('ul', { class: 'judgements', 'aria-label': 'What was expected' })
  const show = keyedList<Judgement>({
    parent: list,
    keyOf: ({ text }) => text,
    make: () => element('li'),
    update: (made, judgement) => {
      setAttribute(made, 'data-met', judgement.met ? 'yes' : 'no')
      setText(made, judgementWords(judgement))
    },
  })
  return { list, show }
}

function createStory(): {
  list: HTMLElement
  show: (lines: readonly StoryLine[], atMs: number) => void
} {
  const list = element('ol', { class: 'story', 'aria-label': 'What happened, newest first' })
  const showLines = keyedList<StoryLine & { readonly at: number }>({
    parent: list,
    keyOf: ({ at }) => String(at),
    make: () => element('li', {}, element('span', { class: 'story-time' }), element('span')),
    update: (made, { atMs, text }) => {
      const [time, words] = made.querySelectorAll('span')
      if (time !== undefined) setText(time, clockWords(atMs))
      // The clock beside it says so, too.
      if (words !== undefined) setText(words, text.replace(/^time 0: /, ''))
    },
  })
  return {
    list,
    show(lines, atMs) {
      let end = lines.findIndex((each) => each.atMs > atMs)
      if (end === -1) end = lines.length
      const from = Math.max(0, end - linesShown)
      showLines(
        lines
          .slice(from, end)
          .map((each, at) => ({ ...each, at: from + at }))
          .reverse(),
      )
    },
  }
}
