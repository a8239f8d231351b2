/** Moments of a tab's life in sentences, and files of them. Pure; knows what a trace says, not who keeps it. */
import type { Inspect, MemberId } from 'unanimous'

export type TraceEvent = ReturnType<Inspect['trace']['recent']>[number]

/** Frames come by the hundred a second: they are counted, not told one by one. */
export const isMoment = ({ type }: TraceEvent): boolean =>
  type !== 'sent' && type !== 'received' && type !== 'decided'

/** One sentence that says what happened and what it means. `nameOf`: of a tab by its id. */
export function momentWords(event: TraceEvent, nameOf: (id: string) => string): string {
  switch (event.type) {
    case 'link':
      return event.up
        ? `The link to ${nameOf(event.peer)} is up: they hear each other directly.`
        : `The link to ${nameOf(event.peer)} is gone; what it would have carried may go through others.`
    case 'promised':
      return `This tab promised to follow ballot ${event.ballot.num} of ${nameOf(event.ballot.node)} and nothing older; the promise was on disk before anybody heard of it.`
    case 'role':
      return roleWords(event.phase, event.ballot.num)
    case 'leader':
      return event.leader === undefined
        ? 'This tab follows nobody: it heard too little of a leader for too long.'
        : `This tab follows ${nameOf(event.leader)}, ballot ${event.ballot.num}.`
    case 'voters':
      return `The voters are ${event.voters.length} from here on; the change was an entry of the log like any other.`
    case 'visibility':
      return event.hidden
        ? 'This tab was hidden: its timers run once a second, so it does not want to lead.'
        : 'This tab can be seen again.'
    case 'joined':
      return 'This tab came into the group.'
    case 'ignored':
      return `A message from ${nameOf(event.peer)} (${event.kind}) was put aside: ${spaced(event.reason)}.`
    case 'closed':
      return 'This tab left the group.'
    case 'halted':
      return `This tab fell silent: ${event.why}`
    case 'decided':
      return `The first ${event.end} entries are decided: a majority has them on disk.`
    case 'sent':
      return `A ${event.kind} left for ${nameOf(event.peer)}.`
    case 'received':
      return `A ${event.kind} came from ${nameOf(event.peer)}.`
  }
}

/** `notAsked` as people write it. */
const spaced = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

function roleWords(phase: 'follower' | 'preparing' | 'leading', ballot: number): string {
  switch (phase) {
    case 'preparing':
      return `This tab asks a majority to promise ballot ${ballot}: nobody whom it hears is led.`
    case 'leading':
      return `This tab leads, ballot ${ballot}: a majority promised, and what any of them had accepted is kept.`
    case 'follower':
      return `This tab leads no more; ballot ${ballot} is over for it.`
  }
}

export interface TraceFile {
  /** Whose trace it is; undefined: the file does not say it well. */
  readonly member: MemberId | undefined
  readonly events: readonly TraceEvent[]
}

/** What is in a file that `trace.download` made; undefined for any other file. */
export function readTrace(text: string): TraceFile | undefined {
  const [head = '', ...lines] = text.trim().split('\n')
  try {
    const title: unknown = JSON.parse(head)
    if (typeof title !== 'object' || title === null || !('schema' in title)) return undefined
    const events = lines.map((line) => JSON.parse(line) as TraceEvent).filter(isReadable)
    const member = 'member' in title && isId(title.member) ? title.member : undefined
    return { member, events }
  } catch {
    return undefined
  }
}

const isId = (value: unknown): value is MemberId =>
  typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)

const isReadable = (event: unknown): boolean =>
  typeof event === 'object' &&
  event !== null &&
  'type' in event &&
  typeof event.type === 'string' &&
  'at' in event &&
  typeof event.at === 'number'
