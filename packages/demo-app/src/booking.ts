/** From a pressed seat to a decision and its words. Knows the group's commands; draws nothing. */
import type { Group, Outcome, Proposal } from 'unanimous'
import type { House, HouseCommands } from './house-machine.ts'
import type { Title } from './status-words.ts'

/** Longer than a change of leader; shorter than a person waits. */
const timeoutMs = 15_000

export type Wish = 'book' | 'release'

export interface Booking {
  /** Asks the group; a seat that is being asked for is left alone. */
  press(seat: string): void
  /** Seats whose answer is awaited. */
  readonly asking: ReadonlySet<string>
}

export interface BookingEvents {
  /** `asking` changed. */
  readonly changed: () => void
  /** An answer is here; `isLost`: the seat is not as the press wanted it. */
  readonly answered: (seat: string, title: Title, isLost: boolean) => void
  readonly nameOf: (id: string) => string
}

export function createBooking(
  group: Group<House, HouseCommands>,
  { changed, answered, nameOf }: BookingEvents,
): Booking {
  const asking = new Set<string>()
  const ask = async (seat: string): Promise<void> => {
    const wish: Wish = group.state.taken[seat] === group.me ? 'release' : 'book'
    const proposal: Proposal<unknown> = group.do[wish](seat, { timeoutMs })
    // Its failure is in the outcome.
    proposal.catch(() => undefined)
    const outcome = await proposal.outcome
    asking.delete(seat)
    changed()
    answered(seat, answerTitle(seat, wish, { outcome, nameOf }), outcome.kind !== 'committed')
  }
  return {
    asking,
    press(seat) {
      if (asking.has(seat)) return
      asking.add(seat)
      changed()
      void ask(seat)
    },
  }
}

export interface Answer {
  readonly outcome: Outcome<unknown>
  readonly nameOf: (id: string) => string
}

export function answerTitle(seat: string, wish: Wish, { outcome, nameOf }: Answer): Title {
  switch (outcome.kind) {
    case 'committed':
      return wish === 'book'
        ? {
            tone: 'good',
            line: `${seat} is yours`,
            small: `A majority has it on disk: entry ${outcome.index} of the log.`,
          }
        : {
            tone: 'calm',
            line: `${seat} is free again`,
            small: `Given back in entry ${outcome.index} of the log.`,
          }
    case 'refused':
      return refusedTitle(seat, outcome, nameOf)
    case 'not-sent':
      return {
        tone: 'bad',
        line: `${seat} was not asked for`,
        small: notSentWords[outcome.why],
      }
    case 'unknown':
      return {
        tone: 'bad',
        line: `${seat}: nobody knows yet`,
        small:
          'The question reached a leader and no answer came back. The seat shows how it ended.',
      }
  }
}

const notSentWords: Readonly<
  Record<Extract<Outcome<unknown>, { kind: 'not-sent' }>['why'], string>
> = {
  timeout: 'No leader could be reached in time, so nothing happened. Try again.',
  overloaded: 'Too much is waiting already, so nothing happened. Try again.',
  'no-quorum': 'No leader can be reached now, so nothing happened. Try again.',
  invalid: 'There is no such wish.',
  'too-large': 'The command was too large.',
  closed: 'This tab has left the group.',
  halted: 'This tab has fallen silent; reload it.',
  aborted: 'The question was taken back.',
  version: 'This page is of another version than the group; reload it.',
}

function refusedTitle(
  seat: string,
  { code, detail, index }: Extract<Outcome<unknown>, { kind: 'refused' }>,
  nameOf: (id: string) => string,
): Title {
  const by = holderIn(detail)
  if (by !== undefined) {
    const who = nameOf(by)
    const small = `${seat} was taken when this wish came up, at entry ${index} of the log.`
    return { tone: 'bad', line: `${who} was first`, small }
  }
  if (code === 'FREE') {
    return {
      tone: 'calm',
      line: `${seat} was free already`,
      small: 'There was nothing to give back.',
    }
  }
  return { tone: 'bad', line: `${seat} was refused`, small: `The group's answer was ${code}.` }
}

/** The detail comes from our own machine, yet through the log: looked at, not trusted. */
function holderIn(detail: unknown): string | undefined {
  if (typeof detail !== 'object' || detail === null || !('by' in detail)) return undefined
  return typeof detail.by === 'string' ? detail.by : undefined
}
