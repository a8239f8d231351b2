/** Noughts and crosses on nine buttons; whose turn it is comes with each decision. Draws and asks; the rules are elsewhere. */
import { byId, element, setAttribute, setHue, setText } from '../element.ts'
import type { App, AppParts } from './app.ts'
import { ask, askOptions, whyNot } from './ask.ts'
import type { Game } from './game-rules.ts'
import { isOver, sideToMove, winningLine } from './game-rules.ts'

const signs: Readonly<Record<string, string>> = { x: '✕', o: '◯', '.': '' }
const spoken: Readonly<Record<string, string>> = { x: 'cross', o: 'nought', '.': 'empty' }

const refusals = {
  'NOT-YOUR-TURN': 'It is not your turn: the group keeps to that, not this page.',
  TAKEN: 'That cell was taken when your move came up.',
  OVER: 'The game was over when your move came up.',
}

export function createGame({ group, lookAt }: AppParts): App {
  const [board, words] = [byId('board'), byId('game-words')]
  const cells = Array.from({ length: 9 }, (_, at) =>
    element('button', { type: 'button', class: 'board-cell', 'data-cell': at }),
  )
  board.replaceChildren(...cells)
  for (const [at, cell] of cells.entries()) {
    cell.addEventListener('click', () => {
      void ask(group.do.move(at, askOptions)).then((outcome) =>
        setText(words, whyNot(outcome, refusals)),
      )
    })
  }
  bindArrows(board, cells)
  byId('game-new').addEventListener(
    'click',
    () => void ask(group.do.newGame(undefined, askOptions)),
  )
  const nameOf = (id: string | null): string =>
    id === null ? 'anybody' : id === group.me ? 'you' : lookAt(id).name
  return {
    update() {
      const { game } = group.state
      const won = winningLine(game) ?? []
      for (const [at, cell] of cells.entries()) {
        const sign = game.cells[at] ?? '.'
        setText(cell, signs[sign] ?? '')
        setAttribute(cell, 'data-sign', sign)
        setAttribute(cell, 'data-won', won.includes(at))
        const place = `row ${Math.floor(at / 3) + 1}, column ${(at % 3) + 1}`
        setAttribute(cell, 'aria-label', `${place}: ${spoken[sign] ?? ''}`)
        const owner = sign === 'x' ? game.x : sign === 'o' ? game.o : null
        if (owner !== null) setHue(cell, lookAt(owner).hue)
      }
      setText(byId('game-turn'), turnWords(game, nameOf))
    },
  }
}

function turnWords(game: Game, nameOf: (id: string | null) => string): string {
  if (winningLine(game) !== undefined) {
    const winner = sideToMove(game) === 'x' ? game.o : game.x
    return `${nameOf(winner)} won.`
  }
  if (isOver(game)) return 'A draw.'
  const side = sideToMove(game)
  return `${side === 'x' ? 'Crosses' : 'Noughts'} to move: ${nameOf(game[side])}.`
}

function bindArrows(board: HTMLElement, cells: readonly HTMLElement[]): void {
  const steps: Readonly<Record<string, number>> = {
    ...{ ArrowLeft: -1, ArrowRight: 1, ArrowUp: -3, ArrowDown: 3 },
  }
  board.addEventListener('keydown', (event) => {
    const at = cells.findIndex((cell) => cell === event.target)
    const step = Object.hasOwn(steps, event.key) ? steps[event.key] : undefined
    if (at === -1 || step === undefined) return
    event.preventDefault()
    cells[at + step]?.focus()
  })
}
