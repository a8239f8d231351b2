/** One run as a page of text: what happened, when something was decided, and what came of what was expected. */
import { figureOf } from './expectation.ts'
import type { Judgement } from './expectation.ts'
import { titleOf } from './protocol.ts'
import type { Outcome } from './run.ts'
import { eventsOf, windowsOf } from './story.ts'

export function pageOf(name: string, outcome: Outcome): string {
  const { protocol, seed, story, windows, judgements, changes, handovers, violation } = outcome
  const lines = [
    `${name}, ${titleOf[protocol]}, seed ${seed}`,
    '',
    ...eventsOf(story),
    '',
    'windows of 100 ms, ten a second: # something was decided, . nothing',
    ...windowsOf(windows),
    '',
    `decided ${rounded(outcome.decided)}, leader changes ${changes}, hand-overs ${handovers}`,
    ...(violation === undefined ? [] : [`violation: ${violation}`]),
    ...judgements.map(lineOf),
  ]
  return `${lines.join('\n')}\n`
}

/** A page is compared with the one before: its last digits would change with every detail of timing. */
function rounded(count: number): string {
  const step = 10 ** Math.max(0, String(count).length - 2)
  return count < 100 ? String(count) : `about ${Math.round(count / step) * step}`
}

function lineOf(judgement: Judgement): string {
  const { state, text, awaits, met } = judgement
  const figure = figureOf(judgement)
  if (state !== 'awaiting') return `${state.padEnd(8)} ${text} (${figure})`
  return `awaiting ${text} (${figure}${met ? ', holds already' : ''}; waits for ${awaits ?? ''})`
}
