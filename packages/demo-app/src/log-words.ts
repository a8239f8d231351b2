/** Entries of the log in words and colours. Pure. */
import type { EntryInfo } from 'unanimous'
import { hueOfBallot, lookOf } from './names.ts'
import type { Names } from './member-rows.ts'

export interface Frame {
  readonly index: number
  readonly kind: EntryInfo['kind']
  /** Of the author; of the ballot for what no tab proposed. */
  readonly hue: number
  readonly mark: string
  readonly who: string
  readonly what: string
}

const marks: Readonly<Record<EntryInfo['kind'], string>> = {
  genesis: '✦',
  config: '⚖',
  noop: '♛',
  machine: '⚙',
  command: '',
}

const deeds: Readonly<Record<string, string>> = {
  book: 'booked a seat',
  release: 'gave a seat back',
  rename: 'took a name',
  clear: 'started a new showing',
  count: 'counted one',
  race: 'called everybody to one seat',
  claim: 'took a seat unasked',
  buzz: 'pressed the buzzer',
  nextRound: 'opened the next round',
  move: 'made a move',
  newGame: 'cleared the board',
  lock: 'locked a paragraph',
  unlock: 'left a paragraph',
  write: 'wrote',
  draw: 'drew a number',
}

export function frameOf(entry: EntryInfo, names: Names): Frame {
  const { index, kind, ballot, author, command, voters, version } = entry
  const look = author === undefined ? undefined : lookOf(author, names[author])
  const leader = lookOf(ballot.node, names[ballot.node]).name
  const base = { index, kind, hue: look?.hue ?? hueOfBallot(ballot.num) }
  switch (kind) {
    case 'genesis':
      return { ...base, mark: marks[kind], who: 'The group', what: 'was founded' }
    case 'noop':
      return { ...base, mark: marks[kind], who: leader, what: `leads, ballot ${ballot.num}` }
    case 'config': {
      const list = (voters ?? []).map((id) => lookOf(id, names[id]).name).join(', ')
      return { ...base, mark: marks[kind], who: 'Voters', what: list }
    }
    case 'machine':
      return {
        ...base,
        mark: marks[kind],
        who: 'Rules',
        what: `are of version ${version ?? 0} now`,
      }
    case 'command':
      return {
        ...base,
        mark: look?.initials ?? '',
        who: look?.name ?? 'Somebody',
        // Any tab may name a command; only ours have words.
        what: Object.hasOwn(deeds, command ?? '')
          ? (deeds[command ?? ''] ?? '')
          : (command ?? 'decided'),
      }
  }
}
