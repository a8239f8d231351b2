/** The machine of the page under test: a list that grows, seats that are taken once, and a handler that throws. */
import { defineMachine } from 'unanimous'
import type { CommandContext } from 'unanimous'

export interface Ledger {
  readonly lines: readonly string[]
  readonly seats: Readonly<Record<string, string>>
  /** Since version 2. */
  readonly title?: string
}

export const ledger = defineMachine({
  name: 'ledger',
  version: 1,
  initial: (): Ledger => ({ lines: [], seats: {} }),
  commands: {
    /** Gives how many lines there were before. */
    write: (state: Ledger, line: string) => ({
      state: { ...state, lines: [...state.lines, line] },
      result: state.lines.length,
    }),
    book: (state: Ledger, seat: string, context: CommandContext) => {
      const by = state.seats[seat]
      if (by !== undefined) return context.refuse('TAKEN', { by })
      return { ...state, seats: { ...state.seats, [seat]: context.author } }
    },
    explode: (): Ledger => {
      throw new Error('this command always throws')
    },
  },
})
