/**
 * The lab: one network, one seed, two protocols side by side, both simulated. Loaded only when somebody opens it. Knows the
 * simulator; knows nothing of the group that this tab may be in.
 */
import { element, setText } from '../element.ts'
import type { Experiment } from './address.ts'
import { fragmentOf, textMax } from './address.ts'
import type { Bench } from './bench.ts'
import { createBench } from './bench.ts'
import { createChoices } from './choices.ts'
import { createClauseBar } from './clause-bar.ts'
import type { Clock } from './clock.ts'
import { createClock } from './clock.ts'
import type { DrawingEvents } from './drawing.ts'
import { afterPress, carriesWords, withClause, withLink } from './edits.ts'
import { createLegend } from './legend.ts'
import type { Player } from './player.ts'
import { createPlayer } from './player.ts'
import { presets } from './presets.ts'
import { knownMs } from './recording.ts'
import { createScenarioText } from './scenario-text.ts'
import { createTransport } from './transport.ts'
import type { WorldCard } from './world-card.ts'
import { createWorldCard } from './world-card.ts'
import { clockWords } from './world-words.ts'
import './lab.css'

export interface Lab {
  /** The address may name another run. */
  show(hash: string): void
  hide(): void
}

/** While there is no news. */
const hint =
  'Press a link to cut it, one way, the other, both ways; press a node for more; drag nodes where you like.'

interface Side {
  readonly side: 'left' | 'right'
  readonly card: WorldCard
  readonly player: Player
}

export function createLab(host: HTMLElement): Lab {
  const bench = createBench()
  const news = element('p', { class: 'lab-news', role: 'status' })
  const clock = createClock(() => {
    transport.show()
    draw()
  })
  const transport = createTransport(clock)
  const text = createScenarioText((words) => change({ text: words }))
  const momentNow = (): number => Math.round(clock.atMs)
  /** Plays what is wanted from now on, and shows it from `atMs`. */
  const change = (wanted: Partial<Experiment>, atMs = 0): void => {
    const errors = bench.change(wanted)
    if (errors !== undefined) return text.complain(errors)
    setText(news, hint)
    begin(atMs)
  }
  const edit = (words: string, what: string): void => {
    if (words.length > textMax) return setText(news, 'That is as much as one run may hold.')
    const [atMs, wasPlaying] = [momentNow(), clock.isPlaying]
    change({ text: words }, atMs)
    clock.setPlaying(wasPlaying)
    setText(news, `From ${clockWords(atMs)} on: ${what}. The run is played again with it.`)
  }
  const clauses = createClauseBar((clause, name) => {
    edit(withClause(bench.text, momentNow(), clause, name), `${clause} ${name}`)
  })
  const sides = createSides(clock, {
    runMs: () => bench.scenario?.runMs ?? 0,
    failed: (why) => setText(news, `This run could not be played: ${why}`),
    linkPressed: ({ a, b, now }) =>
      edit(withLink(bench.text, momentNow(), { a, b, now }), carriesWords(a, b, afterPress(now))),
    nodePressed: (name) => clauses.show(name),
    nodeMoved: (name, to) => {
      bench.points.set(name, to)
      for (const { card } of sides) card.drawing.moved()
      draw()
    },
  })
  const draw = (): void => {
    for (const { card, player } of sides) card.show(player.recording, clock.atMs, clock.speed)
  }
  const choices = createChoices(presets, {
    chose: (wanted) => change(wanted),
    reset: () => change({ text: undefined }),
    share: () => void share().then((words) => setText(news, words)),
  })
  const about = element('p', { class: 'lab-about' })
  const begin = (atMs: number): void => {
    choices.show(bench.experiment)
    text.show(bench.text)
    clauses.hide()
    setText(about, bench.about)
    playAll(bench, sides)
    clock.begin(bench.scenario?.runMs ?? 0, atMs)
  }
  host.append(
    ...[heading(), choices.form, about, transport.bar, news, clauses.bar],
    element('div', { class: 'worlds' }, ...sides.map(({ card }) => card.card)),
    ...[createLegend(), text.box],
  )
  return {
    show(hash) {
      const wanted = bench.read(hash)
      if (bench.isTrying(wanted)) return
      change(wanted)
      if (!matchMedia('(prefers-reduced-motion: reduce)').matches) clock.setPlaying(true)
    },
    hide: () => clock.setPlaying(false),
  }
}

/** Both sides, from the beginning; and the address names the run. */
function playAll({ experiment, scenario, text, points }: Bench, sides: readonly Side[]): void {
  if (scenario === undefined) return
  history.replaceState(undefined, '', fragmentOf(experiment))
  for (const { side, card, player } of sides) {
    card.begin(experiment[side], scenario, points)
    player.play({ text, protocol: experiment[side], seed: experiment.seed })
  }
}

interface SidesEvents extends DrawingEvents {
  readonly runMs: () => number
  readonly failed: (why: string) => void
}

function createSides(clock: Clock, events: SidesEvents): readonly Side[] {
  const grew = (): void => {
    const known = Math.min(...sides.map(({ player }) => knownMs(player.recording)))
    clock.setRange(events.runMs(), Math.min(known, events.runMs()))
  }
  const { failed } = events
  const sides = (['left', 'right'] as const).map((side) => ({
    side,
    card: createWorldCard(side, events),
    player: createPlayer({ grew, failed }),
  }))
  return sides
}

const heading = (): HTMLElement =>
  element(
    'header',
    { class: 'lab-head' },
    element('h1', {}, 'The lab'),
    element(
      'p',
      { class: 'lab-stamp' },
      element('strong', {}, 'Simulated'),
      ' No tab and no network takes part. The same seed gives both sides the same world, and every reader the same run.',
    ),
  )

/** What became of it, in words. */
async function share(): Promise<string> {
  try {
    await navigator.clipboard.writeText(location.href)
    return 'Copied: whoever opens the link sees this very run.'
  } catch {
    return 'Copying is forbidden here; the address of this page is the link.'
  }
}
