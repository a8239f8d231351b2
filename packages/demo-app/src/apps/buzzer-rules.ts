/** Who pressed first: one winner a round, and how often each won. Pure; runs alike in every tab. */
import type { CommandContext, MemberId } from 'unanimous'

export interface Buzzer {
  readonly round: number
  /** Null until somebody has pressed. */
  readonly winner: MemberId | null
  readonly wins: Readonly<Record<MemberId, number>>
}

/** Scores of tabs that are long gone make room. */
const scoresMax = 64

export const quietBuzzer: Buzzer = { round: 1, winner: null, wins: {} }

/** `round`: the one that the presser saw; a press that was meant for the last round does not win this one. */
export function buzz(state: Buzzer, round: number, context: CommandContext): Buzzer {
  if (round !== state.round) return context.refuse('OLD-ROUND')
  if (state.winner !== null) return context.refuse('LATE', { by: state.winner })
  const { author } = context
  const others = Object.entries(state.wins).filter(([id]) => id !== author)
  const wins = [...others.slice(-(scoresMax - 1)), [author, (state.wins[author] ?? 0) + 1] as const]
  return { ...state, winner: author, wins: Object.fromEntries(wins) }
}

export function nextRound(state: Buzzer, round: number, context: CommandContext): Buzzer {
  if (round !== state.round) return context.refuse('OLD-ROUND')
  return { ...state, round: state.round + 1, winner: null }
}
