/**
 * The same seat, pressed by every tab at the same moment, twice: once decided, once merged as a type that never refuses would
 * merge it. Pure; runs alike in every tab.
 */
import type { CommandContext, MemberId } from 'unanimous'
import { isSeat } from '../seat-plan.ts'

export type Style = 'decide' | 'merge'

export interface SeatRace {
  /** Counts the races; 0: none yet. */
  readonly number: number
  readonly seat: string
  readonly style: Style
  /** Seat to all who took it, where nothing was refused. */
  readonly claims: Readonly<Record<string, readonly MemberId[]>>
}

export const noRace: SeatRace = { number: 0, seat: '', style: 'decide', claims: {} }

/** Every tab that is open presses this seat as soon as it hears of it. */
export function race(
  state: SeatRace,
  { seat, style }: { readonly seat: string; readonly style: Style },
  context: CommandContext,
): SeatRace {
  if (!isSeat(seat)) return context.refuse('NO-SUCH-SEAT')
  return { ...state, number: state.number + 1, seat, style: style === 'merge' ? style : 'decide' }
}

/** Never refused: both claims stay, as a set that merges keeps them. */
export function claim(state: SeatRace, seat: string, context: CommandContext): SeatRace {
  if (!isSeat(seat)) return context.refuse('NO-SUCH-SEAT')
  const { author } = context
  const others = state.claims[seat] ?? []
  if (others.includes(author)) return state
  return { ...state, claims: { ...state.claims, [seat]: [...others, author] } }
}
