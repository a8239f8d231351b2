/** Taking turns: an order of members, whose turn it is, and no move out of turn. */
import type { CommandContext, Machine, MemberId } from '../machine.ts'
import { defineMachine } from '../machine.ts'
import type { ProposeOptions } from '../proposal.ts'
import { count, duration, key, keysMax, record } from './arguments.ts'
import { again } from './host.ts'
import type { Ask, Host } from './host.ts'

/** One game. */
export interface Game {
  readonly order: readonly MemberId[]
  /** Counts the turns from 0; it is the turn of `order[turn % order.length]`. */
  readonly turn: number
  /** When this turn began, in the log's time. */
  readonly since: number
  /** Whoever is absent for so long into a turn may be skipped; absent: nobody is. */
  readonly skipAfterMs?: number
}

/** All games of a group by name. */
export type Games = Readonly<Record<string, Game>>

interface Start {
  readonly key: string
  readonly order: readonly MemberId[]
  readonly skipAfterMs?: number
}

interface Move {
  readonly key: string
  readonly turn: number
}

const gameOf = (state: Games, name: string): Game | undefined =>
  Object.hasOwn(state, name) ? state[name] : undefined

/** Whose turn it is. */
const current = ({ order, turn }: Game): MemberId | undefined => order[turn % order.length]

/** The first who starts a game says its order; nothing happens if it has one. */
function start(
  state: Games,
  { key: name, order, skipAfterMs }: Start,
  context: CommandContext,
): Games {
  if (gameOf(state, name) !== undefined) return state
  if (Object.keys(state).length >= keysMax) return context.refuse('TOO_MANY_KEYS')
  const since = context.now
  const game: Game = {
    order,
    turn: 0,
    since,
    ...(skipAfterMs === undefined ? {} : { skipAfterMs }),
  }
  return { ...state, [name]: game }
}

/** Refused with NOT_YOUR_TURN, or with TOO_LATE when the turn is over already. */
function pass(state: Games, move: Move, context: CommandContext): Games {
  const game = gameOf(state, move.key) ?? context.refuse('NO_GAME')
  if (game.turn !== move.turn) return context.refuse('TOO_LATE')
  if (current(game) !== context.author) return context.refuse('NOT_YOUR_TURN')
  return { ...state, [move.key]: { ...game, turn: game.turn + 1, since: context.now } }
}

/** By anybody who is in the order. Refused with TOO_EARLY before the turn has lasted long enough. */
function skip(state: Games, move: Move, context: CommandContext): Games {
  const game = gameOf(state, move.key) ?? context.refuse('NO_GAME')
  if (game.turn !== move.turn) return context.refuse('TOO_LATE')
  if (!game.order.includes(context.author)) return context.refuse('NOT_A_PLAYER')
  const { skipAfterMs, since } = game
  if (skipAfterMs === undefined || context.now - since < skipAfterMs) {
    return context.refuse('TOO_EARLY')
  }
  return { ...state, [move.key]: { ...game, turn: game.turn + 1, since: context.now } }
}

/** The commands of games. */
export type TurnsCommands = {
  readonly start: typeof start
  readonly pass: typeof pass
  readonly skip: typeof skip
}

const move = (args: unknown): Move => {
  const { key: name, turn } = record(args)
  return { key: key(name), turn: count(turn) }
}

/** As many as a room holds. */
const playersMax = 64

/** The machine of all games of a group. */
export const turnsMachine: Machine<Games, TurnsCommands> = defineMachine({
  name: 'turns',
  version: 1,
  initial: (): Games => ({}),
  commands: { start, pass, skip },
  validate: {
    start(args) {
      const { key: name, order, skipAfterMs } = record(args)
      if (!Array.isArray(order) || order.length < 1 || order.length > playersMax) {
        throw new TypeError(`an order has 1 to ${playersMax} members`)
      }
      return {
        key: key(name),
        order: order.map(key) as readonly string[] as readonly MemberId[],
        ...(skipAfterMs === undefined ? {} : { skipAfterMs: duration(skipAfterMs) }),
      }
    },
    pass: move,
    skip: move,
  },
})

/** A group that has games. */
export type TurnsHost = Host<
  'turns',
  Games,
  {
    readonly start: Ask<Start, undefined>
    readonly pass: Ask<Move, undefined>
    readonly skip: Ask<Move, undefined>
  }
>

/** Who plays, and how long a player may be away. */
export interface TurnsOptions {
  readonly order: readonly MemberId[]
  /** A player that is out of reach and has had the turn for so long is skipped by the others; nobody unless told. */
  readonly skipAbsentAfterMs?: number
}

/** One game. */
export interface Turns {
  /** Whose turn it is, as this tab knows; undefined before the start. */
  readonly current: MemberId | undefined
  readonly isMine: boolean
  /** Counts the turns; a number to give to whatever is done in a turn. */
  readonly turn: number
  /** Starts the game with this order if it has none; the order of the first who does so counts. */
  start(options?: ProposeOptions): Promise<void>
  /** Ends this tab's turn. Rejects with `Refused`: NOT_YOUR_TURN, TOO_LATE if it was skipped meanwhile, NO_GAME. */
  pass(options?: ProposeOptions): Promise<void>
  /** Skips nobody from here any more. */
  stop(): void
}

const lookMs = 500

/**
 * A handle on the game `name`; while it lives it helps to skip the absent.
 *
 * @example
 * const chess = turns(group, 'chess', { order: [white, black], skipAbsentAfterMs: 30_000 })
 * await chess.start()
 * if (chess.isMine) { await group.do['board.move'](move); await chess.pass() }
 */
export function turns(group: TurnsHost, name: string, options: TurnsOptions): Turns {
  const { order, skipAbsentAfterMs: skipAfterMs } = options
  const game = (): Game | undefined => gameOf(group.state.turns, name)
  let asking = false
  async function skipAbsent(): Promise<void> {
    const now = game()
    const player = now && current(now)
    if (now?.skipAfterMs === undefined || player === group.me || asking) return
    if (group.status.members.some(({ id, reached }) => id === player && reached)) return
    asking = true
    // The group says when it is time: until then this is refused.
    await group.do['turns.skip']({ key: name, turn: now.turn }).outcome
    asking = false
  }
  const every = Math.max(lookMs, (skipAfterMs ?? lookMs) / 4)
  const stop = skipAfterMs === undefined ? () => undefined : again(every, () => void skipAbsent())
  return {
    get current() {
      const now = game()
      return now && current(now)
    },
    get isMine() {
      const now = game()
      return now !== undefined && current(now) === group.me
    },
    get turn() {
      return game()?.turn ?? 0
    },
    async start(proposing) {
      const begin = { key: name, order, ...(skipAfterMs === undefined ? {} : { skipAfterMs }) }
      await group.do['turns.start'](begin, proposing)
    },
    async pass(proposing) {
      await group.do['turns.pass']({ key: name, turn: game()?.turn ?? 0 }, proposing)
    },
    stop,
  }
}
