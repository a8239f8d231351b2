/** The log as a strip of film and as lines. Draws frames; does not read the log. */
import { byId, element, keyedList, setHue, setText } from './element.ts'
import type { Frame } from './log-words.ts'

/** As many as the widest strip shows; the lines below are fewer. */
export const framesShown = 40
const linesShown = 5

/** `frames`: oldest first. */
export function createFilm(): (frames: readonly Frame[]) => void {
  const strip = keyedList<Frame>({
    parent: byId('film'),
    keyOf: ({ index }) => String(index),
    make: ({ kind, mark }) => element('li', { class: 'frame', 'data-kind': kind }, mark),
    update: (made, { hue }) => setHue(made, hue),
  })
  const lines = keyedList<Frame>({
    parent: byId('log'),
    keyOf: ({ index }) => String(index),
    make: ({ index, kind }) =>
      element(
        'li',
        { class: 'line', 'data-kind': kind },
        element('span', { class: 'line-index' }, String(index)),
        element('span', { class: 'dot', 'aria-hidden': 'true' }),
        element('span', { class: 'line-words' }, element('b'), ' ', element('span')),
      ),
    update: (made, { hue, who, what }) => {
      setHue(made, hue)
      const [name, deed] = made.querySelectorAll('.line-words > *')
      if (name !== undefined) setText(name, who)
      if (deed !== undefined) setText(deed, what)
    },
  })
  return (frames) => {
    // Newest first: the strip is read from the left, and what runs out of it is the past.
    const newestFirst = frames.slice(-framesShown).reverse()
    strip(newestFirst)
    lines(newestFirst.slice(0, linesShown))
  }
}
