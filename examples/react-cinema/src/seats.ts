/** Who sits where, as every tab decides it. */
import { defineMachine } from 'unanimous'
import type { CommandContext } from 'unanimous'

export interface Seats {
  readonly taken: Readonly<Record<string, string>>
}

export const seats = defineMachine({
  name: 'seats',
  version: 1,
  initial: (): Seats => ({ taken: {} }),
  commands: {
    book: (state: Seats, seat: string, context: CommandContext) => {
      const by = state.taken[seat]
      if (by !== undefined) return context.refuse('TAKEN', { by })
      return { taken: { ...state.taken, [seat]: context.author } }
    },
  },
})
