/** The tabs of the group as cards. Draws rows; where they come from is not its business. */
import { byId, element, keyedList, setAttribute, setHue, setText } from './element.ts'
import type { MemberRow } from './member-rows.ts'
import { hueOfBallot } from './names.ts'

/** What each rung means, for whoever asks by pointing. */
const meanings: Readonly<Record<string, string>> = {
  leader: 'Puts the commands in order; a majority decides them.',
  voter: 'Its disk counts for the majority.',
  'quiet voter': 'Votes, but is hidden and does not want to lead.',
  standby: 'Holds the whole log and steps in when a voter is gone.',
  observer: 'Watches, or is still fetching the log: it has no vote.',
  client: 'Watches, and passes nothing on.',
  arriving: 'On its way into the group.',
}

export function createMemberCards(): (rows: readonly MemberRow[]) => void {
  return keyedList<MemberRow>({
    parent: byId('members'),
    keyOf: ({ id }) => id,
    make: makeCard,
    update: showCard,
  })
}

function makeCard({ id }: MemberRow): HTMLElement {
  const part = (name: string, ...children: readonly HTMLElement[]): HTMLElement =>
    element('span', { class: `member-${name}`, 'data-part': name }, ...children)
  return element(
    'li',
    { class: 'member', 'data-member': id },
    element('span', { class: 'dot', 'aria-hidden': 'true' }),
    element('span', { class: 'member-who' }, part('name'), part('me')),
    part('rung'),
    element('span', { class: 'member-line' }, part('ballot'), part('log'), part('link')),
  )
}

function showCard(card: HTMLElement, row: MemberRow): void {
  const show = (name: string, text: string, title?: string): void => {
    const found = card.querySelector(`[data-part="${name}"]`)
    if (found === null) return
    setText(found, text)
    setAttribute(found, 'hidden', text === '')
    setAttribute(found, 'title', title)
  }
  setHue(card, row.look.hue)
  setAttribute(card, 'data-rung', row.rung)
  setAttribute(card, 'data-reached', row.isReached ? 'yes' : 'no')
  show('name', row.look.name, row.id)
  show('me', row.isMe ? 'you' : '')
  show('rung', row.rung, meanings[row.rung])
  showBallot(card, row.ballot)
  const log = row.ballot === undefined ? '' : `${row.decidedEnd} of ${row.logEnd} decided`
  show('log', log, 'Entries that it knows to be decided, of those in its log')
  show('link', row.link, row.isMe ? undefined : 'Its link to this tab: state or round-trip time')
}

/** The colour says it first: all cards of one leadership have the same. */
function showBallot(card: HTMLElement, ballot: number | undefined): void {
  const found = card.querySelector<HTMLElement>('[data-part="ballot"]')
  if (found === null) return
  setAttribute(found, 'hidden', ballot === undefined)
  if (ballot === undefined) return
  setText(found, `ballot ${ballot}`)
  setHue(found, hueOfBallot(ballot))
  setAttribute(found, 'title', 'The leadership that it follows; each has its own number and colour')
}
