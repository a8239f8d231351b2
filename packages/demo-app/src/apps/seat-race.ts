/**
 * One seat, pressed by every open tab at the same moment: decided, or merged. A tab takes part when it hears of a race that is
 * newer than itself. Draws and asks; the rules are elsewhere.
 */
import { byId, setAttribute, setText } from '../element.ts'
import { seats } from '../seat-plan.ts'
import type { Title } from '../status-words.ts'
import type { App, AppParts } from './app.ts'
import { ask, askOptions, firstOf } from './ask.ts'
import type { Style } from './seat-race-rules.ts'

export interface SeatRacePart extends App {
  /** In merge style a seat is taken unasked. */
  readonly style: Style
  claim(seat: string): void
}

export interface SeatRaceParts extends AppParts {
  readonly announce: (title: Title) => void
}

export function createSeatRace({ group, lookAt, announce }: SeatRaceParts): SeatRacePart {
  let style: Style = 'decide'
  // Undefined until this tab has caught up: races of the past are not its own.
  let seen: number | undefined
  const takeSeat = (seat: string): void => {
    void ask(group.do.claim(seat, askOptions)).then((outcome) => {
      const claims = group.state.race.claims[seat] ?? []
      if (outcome.kind === 'committed') announce(mergedTitle(seat, claims.length))
    })
  }
  const askForSeat = (seat: string): void => {
    void ask(group.do.book(seat, askOptions)).then((outcome) => {
      const by = firstOf(outcome)
      if (outcome.kind === 'committed') announce(wonTitle(seat))
      else if (by !== undefined) announce(lostTitle(seat, lookAt(by).name))
    })
  }
  byId('race').addEventListener('click', () => {
    const { taken, race } = group.state
    const seat = seats.find((each) => taken[each] === undefined && race.claims[each] === undefined)
    if (seat !== undefined) void ask(group.do.race({ seat, style }, askOptions))
  })
  byId('merge').addEventListener('click', () => {
    style = style === 'decide' ? 'merge' : 'decide'
    setAttribute(byId('merge'), 'aria-checked', style === 'merge' ? 'true' : 'false')
    setText(byId('merge-words'), style === 'merge' ? mergeWords : decideWords)
  })
  setText(byId('merge-words'), decideWords)
  return {
    get style() {
      return style
    },
    claim: takeSeat,
    update() {
      const { status, state } = group
      if (status.phase !== 'ready' && seen === undefined) return
      const { number, seat, style: how } = state.race
      if (seen !== undefined && number > seen) {
        if (how === 'merge') takeSeat(seat)
        else askForSeat(seat)
      }
      seen = number
      const full = Object.values(state.race.claims).filter((by) => by.length > 1).length
      setText(byId('oversold'), full === 0 ? '' : `${full} sold more than once`)
    },
  }
}

const decideWords = 'Each press asks the group; one tab gets the seat, the others hear who did.'
const mergeWords =
  'Each press is taken at once and merged afterwards, as a CRDT would: nothing is refused, so a seat can be sold twice. ' +
  '(Only the style: these claims travel through the log as well.)'

const wonTitle = (seat: string): Title => ({
  tone: 'good',
  line: `${seat} is yours`,
  small: 'All tabs pressed it at the same moment. One got it.',
})

const lostTitle = (seat: string, winner: string): Title => ({
  tone: 'bad',
  line: `${winner} was first`,
  small: `All tabs pressed ${seat} at the same moment. One got it, and every tab knows which.`,
})

const mergedTitle = (seat: string, claims: number): Title =>
  claims > 1
    ? {
        tone: 'bad',
        line: `${seat} was sold ${claims} times`,
        small: 'Every tab was told that the seat is its own. Somebody will stand.',
      }
    : { tone: 'good', line: `${seat} is yours`, small: 'At least this tab believes so.' }
