/** A buzzer: whoever presses first, and everybody agrees who that was. Draws and asks; the rules are elsewhere. */
import { byId, element, keyedList, setAttribute, setHue, setText } from '../element.ts'
import type { App, AppParts } from './app.ts'
import { ask, askOptions, firstOf, whyNot } from './ask.ts'

interface Score {
  readonly id: string
  readonly wins: number
}

export function createBuzzer({ group, lookAt }: AppParts): App {
  const [button, next, words] = [byId('buzz'), byId('buzz-next'), byId('buzz-words')]
  const showScores = keyedList<Score>({
    parent: byId('buzz-scores'),
    keyOf: ({ id }) => id,
    make: () =>
      element('li', { class: 'score' }, element('span', { class: 'dot' }), element('span')),
    update: (made, { id, wins }) => {
      setHue(made, lookAt(id).hue)
      const text = made.querySelector('span:last-child')
      if (text !== null) setText(text, `${lookAt(id).name}: ${wins}`)
    },
  })
  button.addEventListener('click', () => {
    const pressedAt = performance.now()
    void ask(group.do.buzz(group.state.buzzer.round, askOptions)).then((outcome) => {
      const ms = Math.round(performance.now() - pressedAt)
      const by = firstOf(outcome)
      if (outcome.kind === 'committed') setText(words, `You were first: decided within ${ms} ms.`)
      else if (by !== undefined)
        setText(words, `${lookAt(by).name} was first, and all tabs say so.`)
      else setText(words, whyNot(outcome, { 'OLD-ROUND': 'That round was over already.' }))
    })
  })
  next.addEventListener('click', () => {
    void ask(group.do.nextRound(group.state.buzzer.round, askOptions))
  })
  let shown = -1
  return {
    update() {
      const { round, winner, wins } = group.state.buzzer
      const look = winner === null ? undefined : lookAt(winner)
      if (shown !== round) setText(words, '')
      shown = round
      setText(byId('buzz-round'), `Round ${round}`)
      setAttribute(button, 'data-won', winner !== null)
      if (look !== undefined) setHue(button, look.hue)
      const mine = winner === group.me ? 'You!' : look?.name
      setText(byId('buzz-label'), mine ?? 'Press')
      setAttribute(next, 'disabled', winner === null)
      const scores = Object.entries(wins).map(([id, count]) => ({ id, wins: count }))
      showScores(scores.sort((a, b) => b.wins - a.wins || (a.id < b.id ? -1 : 1)).slice(0, 6))
    },
  }
}
