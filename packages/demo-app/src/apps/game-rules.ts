/** Noughts and crosses by turns: who may move is decided with the move. Pure; runs alike in every tab. */
import type { CommandContext, MemberId } from 'unanimous'

export type Side = 'x' | 'o'

export interface Game {
  /** Nine of `x`, `o` and `.`, row by row. */
  readonly cells: string
  /** Each side belongs to the tab that first moved for it. */
  readonly x: MemberId | null
  readonly o: MemberId | null
}

export const emptyGame: Game = { cells: '.........', x: null, o: null }

const lines: readonly (readonly [number, number, number])[] = [
  [0, 1, 2],
  [3, 4, 5],
  [6, 7, 8],
  [0, 3, 6],
  [1, 4, 7],
  [2, 5, 8],
  [0, 4, 8],
  [2, 4, 6],
]

export const sideToMove = ({ cells }: Game): Side =>
  cells.replaceAll('.', '').length % 2 === 0 ? 'x' : 'o'

/** The three cells that won; undefined: nobody has yet. */
export const winningLine = ({ cells }: Game): readonly number[] | undefined =>
  lines.find(([a, b, c]) => cells[a] !== '.' && cells[a] === cells[b] && cells[b] === cells[c])

export const isOver = (game: Game): boolean =>
  winningLine(game) !== undefined || !game.cells.includes('.')

export function move(game: Game, cell: number, context: CommandContext): Game {
  if (!Number.isInteger(cell) || game.cells[cell] === undefined)
    return context.refuse('NO-SUCH-CELL')
  if (isOver(game)) return context.refuse('OVER')
  const { author } = context
  const side = sideToMove(game)
  const holder = game[side]
  const other = game[side === 'x' ? 'o' : 'x']
  if (holder === null ? other === author : holder !== author) return context.refuse('NOT-YOUR-TURN')
  if (game.cells[cell] !== '.') return context.refuse('TAKEN')
  const cells = `${game.cells.slice(0, cell)}${side}${game.cells.slice(cell + 1)}`
  return { ...game, cells, [side]: author }
}

export const newGame = (): Game => emptyGame
