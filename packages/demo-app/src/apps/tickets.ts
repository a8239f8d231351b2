/** A machine that gives out numbers: no gaps, no twins, whoever draws at the same moment. Draws and asks. */
import { byId, element, keyedList, setAttribute, setHue, setText } from '../element.ts'
import type { App, AppParts } from './app.ts'
import { ask, askOptions, whyNot } from './ask.ts'
import type { Tickets } from './tickets-rules.ts'

type Ticket = Tickets['newest'][number]

export function createTickets({ group, lookAt }: AppParts): App {
  const words = byId('ticket-words')
  const show = keyedList<Ticket>({
    parent: byId('tickets'),
    keyOf: ({ number }) => String(number),
    make: ({ number }) =>
      element('li', { class: 'ticket' }, element('strong', {}, String(number)), element('span')),
    update: (made, { by }) => {
      setHue(made, lookAt(by).hue)
      const who = made.querySelector('span')
      if (who !== null) setText(who, by === group.me ? 'you' : lookAt(by).name)
    },
  })
  const drawOne = async (): Promise<string> => {
    const outcome = await ask(group.do.draw(undefined, askOptions))
    return outcome.kind === 'committed' ? `Your number is ${outcome.result}.` : whyNot(outcome, {})
  }
  byId('draw').addEventListener('click', () => void drawOne().then((text) => setText(words, text)))
  byId('draw-ten').addEventListener('click', () => {
    void Promise.all(Array.from({ length: 10 }, drawOne)).then((texts) => {
      const numbers = texts.flatMap((text) => /\d+/.exec(text) ?? []).map(Number)
      const [first, last] = [Math.min(...numbers), Math.max(...numbers)]
      setText(
        words,
        numbers.length === 0 ? (texts[0] ?? '') : `Ten at once: from ${first} to ${last}.`,
      )
    })
  })
  return {
    update() {
      const { last, newest } = group.state.tickets
      setText(byId('ticket-last'), last === 0 ? '' : String(last))
      setAttribute(byId('ticket-last'), 'hidden', last === 0)
      setAttribute(byId('ticket-none'), 'hidden', last > 0)
      show([...newest].reverse())
    },
  }
}
