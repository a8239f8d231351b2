/** Plays one run beside the page, so that the page stays smooth, and reports it window by window. Draws nothing. */
import { parseScenario, runScenario } from '@unanimous/simulator'
import type { Shot } from '@unanimous/simulator'
import type { Order, Report } from './lab-message.ts'

/** Two seconds of the run: few messages, and still something to see at once. */
const shotsPerReport = 20

const tell = (report: Report): void => postMessage(report)

function play({ text, protocol, seed }: Order): void {
  const parsed = parseScenario(text)
  if (!parsed.ok) {
    const why = parsed.errors.map(({ line, message }) => `line ${line}: ${message}`).join('; ')
    return tell({ type: 'wrong', why })
  }
  let shots: Shot[] = []
  const camera = (shot: Shot): void => {
    shots.push(shot)
    if (shots.length < shotsPerReport) return
    tell({ type: 'shots', shots })
    shots = []
  }
  const outcome = runScenario(parsed.scenario, { protocol, seed, camera })
  tell({ type: 'shots', shots })
  const { committed, stallMs, changes, handovers, decided } = outcome
  const { violations, violation, judgements } = outcome
  tell({
    type: 'ended',
    ending: {
      ...{ protocol, committed, stallMs, changes, handovers },
      ...{ decided, violations, violation, judgements },
    },
  })
}

addEventListener('message', ({ data }: MessageEvent<Order>) => play(data))
