/** What this group decides about: seats, names, a counter, and the little applications beside them. Pure; runs alike in every tab. */
import { defineMachine } from 'unanimous'
import type { CommandContext, Machine, MemberId } from 'unanimous'
import type { Buzzer } from './apps/buzzer-rules.ts'
import { buzz, nextRound, quietBuzzer } from './apps/buzzer-rules.ts'
import type { Game } from './apps/game-rules.ts'
import { emptyGame, move, newGame } from './apps/game-rules.ts'
import type { SeatRace, Style } from './apps/seat-race-rules.ts'
import { claim, noRace, race } from './apps/seat-race-rules.ts'
import type { SharedText, Write } from './apps/text-rules.ts'
import { emptyText, lock, unlock, write } from './apps/text-rules.ts'
import type { Tickets } from './apps/tickets-rules.ts'
import { draw, noTickets } from './apps/tickets-rules.ts'
import { isSeat } from './seat-plan.ts'

export interface House {
  /** Seat to the tab that holds it. */
  readonly taken: Readonly<Record<string, MemberId>>
  /** Names that tabs gave themselves; the others go by the one that their id spells. */
  readonly names: Readonly<Record<MemberId, string>>
  /** How often `count` was decided. */
  readonly count: number
  readonly race: SeatRace
  readonly buzzer: Buzzer
  readonly game: Game
  readonly text: SharedText
  readonly tickets: Tickets
}

export const nameLengthMax = 24
/** A tab's name stays when the tab goes; this many are kept, the oldest make room. */
const namesMax = 256

/**
 * Control characters, and marks that turn the direction of what follows. Spelt out: what a class like \p{C} holds depends
 * on the browser's edition of Unicode, and every tab must judge alike.
 */
const forbiddenRanges: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  // Halves of a pair: no text.
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
]

/** A name that may stand in other people's pages; the empty one gives the name back. */
export function isName(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= nameLengthMax &&
    value === value.trim() &&
    Array.from(value).every((character) => {
      const code = character.codePointAt(0) ?? 0
      return forbiddenRanges.every(([first, last]) => code < first || code > last)
    })
  )
}

const without = <T>(record: Readonly<Record<string, T>>, key: string): readonly [string, T][] =>
  Object.entries(record).filter(([each]) => each !== key)

function book(state: House, seat: string, context: CommandContext): House {
  if (!isSeat(seat)) return context.refuse('NO-SUCH-SEAT')
  const by = state.taken[seat]
  if (by !== undefined) return context.refuse('TAKEN', { by })
  return { ...state, taken: { ...state.taken, [seat]: context.author } }
}

function release(state: House, seat: string, context: CommandContext): House {
  if (!isSeat(seat)) return context.refuse('NO-SUCH-SEAT')
  const by = state.taken[seat]
  if (by === undefined) return context.refuse('FREE')
  if (by !== context.author) return context.refuse('NOT-YOURS', { by })
  return { ...state, taken: Object.fromEntries(without(state.taken, seat)) }
}

function rename(state: House, name: string, context: CommandContext): House {
  if (!isName(name)) return context.refuse('BAD-NAME')
  const others = without(state.names, context.author)
  if (name === '') return { ...state, names: Object.fromEntries(others) }
  const kept = others.slice(-(namesMax - 1))
  return { ...state, names: Object.fromEntries([...kept, [context.author, name]]) }
}

/** A new showing: whoever left for good would keep a seat for ever. */
const clear = (state: House): House => ({
  ...state,
  taken: {},
  race: { ...state.race, claims: {} },
})

/** Changes one number: for measuring. */
const count = (state: House): House => ({ ...state, count: state.count + 1 })

/** A command of one part of the house. */
type On<Args> = (state: House, args: Args, context: CommandContext) => House

function on<K extends keyof House, Args>(
  part: K,
  rule: (state: House[K], args: Args, context: CommandContext) => House[K],
): On<Args> {
  return (state, args, context) => ({ ...state, [part]: rule(state[part], args, context) })
}

const drawTicket = (
  state: House,
  _args: undefined,
  context: CommandContext,
): { readonly state: House; readonly result: number } => {
  const drawn = draw(state.tickets, context)
  return { state: { ...state, tickets: drawn.state }, result: drawn.result }
}

/** A type and not an interface: only then it is a record of handlers. */
export type HouseCommands = {
  readonly book: On<string>
  readonly release: On<string>
  readonly rename: On<string>
  readonly clear: (state: House) => House
  readonly count: (state: House) => House
  readonly race: On<{ readonly seat: string; readonly style: Style }>
  readonly claim: On<string>
  readonly buzz: On<number>
  readonly nextRound: On<number>
  readonly move: On<number>
  readonly newGame: (state: House) => House
  readonly lock: On<string>
  readonly unlock: On<string>
  readonly write: On<Write>
  readonly draw: typeof drawTicket
}

/** `TAKEN` and `NOT-YOURS` of a seat say `{ by }`: the id of the tab that holds it. */
export const houseMachine: Machine<House, HouseCommands> = defineMachine({
  name: 'house',
  version: 1,
  initial: (): House => ({
    ...{ taken: {}, names: {}, count: 0, race: noRace, buzzer: quietBuzzer },
    ...{ game: emptyGame, text: emptyText, tickets: noTickets },
  }),
  commands: {
    ...{ book, release, rename, clear, count },
    race: on('race', race),
    claim: on('race', claim),
    buzz: on('buzzer', buzz),
    nextRound: on('buzzer', nextRound),
    move: on('game', move),
    newGame: (state: House): House => ({ ...state, game: newGame() }),
    lock: on('text', lock),
    unlock: on('text', unlock),
    write: on('text', write),
    draw: drawTicket,
  },
})
