/** One open group on one page: everything that shows it, brought in step whenever it changes. */
import type { Group } from 'unanimous'
import type { createBanners } from './banner-stack.ts'
import { createBooking } from './booking.ts'
import { byId, setAttribute, setHue, setText } from './element.ts'
import { createFacts } from './facts.ts'
import { createFilm, framesShown } from './film.ts'
import type { InviteBar } from './invite-bar.ts'
import { frameOf } from './log-words.ts'
import { createMemberCards } from './member-cards.ts'
import { memberRows } from './member-rows.ts'
import { lookOf } from './names.ts'
import type { Look } from './names.ts'
import { bindOwnControls } from './own-controls.ts'
import { createScreen } from './screen.ts'
import type { SeatMap, SeatView } from './seat-map.ts'
import { seats } from './seat-plan.ts'
import type { House, SeatCommands } from './seats-machine.ts'
import { bannersOf, pillOf, standingTitle } from './status-words.ts'

/** Joining a group on one machine takes a second, over the world a few. */
const lateAfterMs = 8_000

export interface PageParts {
  readonly group: Group<House, SeatCommands>
  readonly map: SeatMap
  readonly isInvited: boolean
  readonly inviteBar: InviteBar
  readonly showBanners: ReturnType<typeof createBanners>
}

export function showGroup({ group, map, isInvited, inviteBar, showBanners }: PageParts): void {
  const screen = createScreen()
  const film = createFilm()
  const facts = createFacts()
  const cards = createMemberCards()
  const lookAt = (id: string): Look => lookOf(id, group.state.names[id as typeof group.me])
  let halted: Error | undefined
  let isLate = false
  const showSeats = (): void => map.update((seat) => viewOf(seat))
  const booking = createBooking(group, {
    changed: showSeats,
    answered: (seat, title, isLost) => {
      screen.announce(title)
      if (isLost) map.nudge(seat)
    },
    nameOf: (id) => (id === group.me ? 'This tab' : lookAt(id).name),
  })
  map.onPress((seat) => booking.press(seat))
  const viewOf = (seat: string): SeatView => {
    const holder = group.state.taken[seat]
    if (booking.asking.has(seat)) return { kind: 'asking', owner: lookAt(holder ?? group.me) }
    if (holder === undefined) return { kind: 'free', owner: undefined }
    return { kind: holder === group.me ? 'mine' : 'taken', owner: lookAt(holder) }
  }
  const show = (): void => {
    const { status, state, inspect } = group
    const booked = Object.keys(state.taken).length
    showYou(lookAt(group.me))
    showPill(group)
    showBanners(bannersOf(status, { halted, isInvited, isLate }))
    screen.stand(standingTitle(status, booked === seats.length))
    showSeats()
    setText(byId('booked'), `${booked} of ${seats.length} booked`)
    setAttribute(byId('clear'), 'disabled', booked === 0)
    setAttribute(byId('load'), 'disabled', status.phase !== 'ready')
    cards(memberRows(status, state.names))
    setText(byId('members-tally'), tally(status.members.length))
    film(inspect.entries(framesShown).map((entry) => frameOf(entry, state.names)))
    setText(byId('log-tally'), `${status.commit} decided`)
    facts(status)
    // Before there is a group there is nothing to invite to, and asking for it would throw.
    if (status.group !== undefined) inviteBar.show(group.invite.href)
  }
  group.on('halted', (error) => {
    halted = error
    show()
  })
  group.subscribe(show)
  setTimeout(() => {
    isLate = true
    show()
  }, lateAfterMs)
  bindOwnControls(group)
  show()
}

const tally = (members: number): string => (members < 2 ? '' : String(members))

/** Tabs of a browser look alike; the name and the colour tell them apart. */
function showYou({ name, hue }: Look): void {
  const you = byId('you')
  setAttribute(you, 'hidden', false)
  setHue(you, hue)
  setText(byId('you-name'), name)
  const title = `${name} · Unanimous`
  if (document.title !== title) document.title = title
  setAttribute(byId('icon'), 'href', iconOf(hue))
}

function iconOf(hue: number): string {
  const drawing =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">` +
    `<path d="M3 9V5a5 5 0 0 1 10 0v4a2 2 0 0 1 2 2v4H1v-4a2 2 0 0 1 2-2z" fill="oklch(0.62 0.15 ${hue})"/></svg>`
  return `data:image/svg+xml,${encodeURIComponent(drawing)}`
}

function showPill({ status }: Group<House, SeatCommands>): void {
  const { tone, label, detail } = pillOf(status)
  setAttribute(byId('pill'), 'data-tone', tone)
  setText(byId('pill-label'), label)
  setText(byId('pill-detail'), detail)
}
