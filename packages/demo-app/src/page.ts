/** One open group on one page: everything that shows it, brought in step whenever it changes. */
import type { Group } from 'unanimous'
import type { Banners } from './banner-stack.ts'
import { createBackups } from './backups.ts'
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
import { createLeadButton } from './lead-button.ts'
import { bindOwnControls } from './own-controls.ts'
import { beginAnew, watchStranded } from './stranded.ts'
import { createRing } from './ring/ring.ts'
import { createDrillBar } from './ring/drill-bar.ts'
import { createScreen } from './screen.ts'
import { startSpokenLog } from './spoken-log.ts'
import type { AppTabs } from './app-tabs.ts'
import type { App, AppParts } from './apps/app.ts'
import { createBuzzer } from './apps/buzzer.ts'
import { createGame } from './apps/game.ts'
import { createSeatRace } from './apps/seat-race.ts'
import { createText } from './apps/text.ts'
import { createTickets } from './apps/tickets.ts'
import { createCoach } from './coach.ts'
import { startDiagnosis } from './diagnosis.ts'
import { createFaultTray } from './faults/fault-tray.ts'
import { startRulesBoard } from './faults/rules-board.ts'
import { createTimePanel } from './time/time-panel.ts'
import type { SeatMap, SeatView } from './seat-map.ts'
import { seats } from './seat-plan.ts'
import type { House, HouseCommands } from './house-machine.ts'
import { bannersOf, pillOf, standingTitle } from './status-words.ts'

/** Joining a group on one machine takes a second, over the world a few. */
const lateAfterMs = 8_000

export interface PageParts {
  readonly group: Group<House, HouseCommands>
  readonly room: string
  readonly map: SeatMap
  readonly isInvited: boolean
  readonly appTabs: AppTabs
  readonly watches: boolean
  readonly inviteBar: InviteBar
  readonly banners: Banners
}

export function showGroup(page: PageParts): void {
  const { group, map, isInvited, watches, inviteBar, banners } = page
  const screen = createScreen()
  const film = createFilm()
  const facts = createFacts()
  const cards = createMemberCards()
  const speak = startSpokenLog((id) => lookAt(id).name)
  const diagnosis = startDiagnosis(() => show())
  const lookAt = (id: string): Look => lookOf(id, group.state.names[id as typeof group.me])
  let halted: Error | undefined
  let isLate = false
  const stranded = watchStranded(() => show())
  const showSeats = (): void =>
    map.update((seat) => seatViewOf(seat, { group, lookAt }, booking.asking))
  const booking = createBooking(group, {
    changed: showSeats,
    answered: (seat, title, isLost) => {
      screen.announce(title)
      if (isLost) map.nudge(seat)
    },
    nameOf: (id) => (id === group.me ? 'This tab' : lookAt(id).name),
  })
  const race = createSeatRace({ group, lookAt, announce: (title) => screen.announce(title) })
  map.onPress((seat) => (race.style === 'merge' ? race.claim(seat) : booking.press(seat)))
  const apps = [
    ...createApps({ group, lookAt }, page.appTabs),
    race,
    createBackups(group, page.room),
    ...createRingParts({ group, lookAt }),
  ]
  const show = (): void => {
    const { status, state, inspect } = group
    const booked = Object.keys(state.taken).length
    showYou(lookAt(group.me))
    showPill(group)
    speak(status)
    banners.show(
      bannersOf(status, { halted, isInvited, watches, isLate, isStranded: stranded.is(status) }),
    )
    screen.stand(standingTitle(status, booked === seats.length))
    showSeats()
    for (const app of apps) app.update()
    setText(byId('booked'), `${booked} of ${seats.length} booked`)
    setAttribute(byId('clear'), 'disabled', booked === 0)
    setAttribute(byId('load'), 'disabled', status.phase !== 'ready')
    cards(memberRows(status, state.names))
    setText(byId('members-tally'), tally(status.members.length))
    film(inspect.entries(framesShown).map((entry) => frameOf(entry, state.names)))
    setText(byId('log-tally'), `${status.commit} decided`)
    facts(status, diagnosis.facts())
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
  banners.onRecover(() => void beginAnew(group, (title) => screen.announce(title)))
  show()
}

function seatViewOf(
  seat: string,
  { group, lookAt }: AppParts,
  asking: ReadonlySet<string>,
): SeatView {
  const claims = group.state.race.claims[seat] ?? []
  const [claimed] = claims
  if (claims.length > 1) return { kind: 'oversold', owner: lookAt(group.me), times: claims.length }
  const holder = group.state.taken[seat] ?? claimed
  if (asking.has(seat)) return { kind: 'asking', owner: lookAt(holder ?? group.me) }
  if (holder === undefined) return { kind: 'free', owner: undefined }
  return { kind: holder === group.me ? 'mine' : 'taken', owner: lookAt(holder) }
}

function createApps(parts: AppParts, appTabs: AppTabs): readonly App[] {
  const text = createText(parts)
  appTabs.onShown((app) => {
    if (app === 'text') text.open()
  })
  return [createBuzzer(parts), createGame(parts), text, createTickets(parts)]
}

function createRingParts({ group, lookAt }: AppParts): readonly App[] {
  const ring = createRing({
    me: group.me,
    get status() {
      return group.status
    },
    get names() {
      return group.state.names
    },
    inspect: group.inspect,
  })
  const nameOf = (id: string): string => lookAt(id).name
  startRulesBoard(group.inspect)
  createTimePanel({
    ...{ me: group.me, trace: group.inspect.trace, nameOf },
    status: () => group.status,
    rewind: (past) => ring.rewind(past),
  })
  const parts = { group, lookAt }
  return [
    ...[ring, createDrillBar(group, nameOf), createLeadButton(group)],
    ...[createFaultTray(parts), createCoach(parts)],
  ]
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

function showPill({ status }: Group<House, HouseCommands>): void {
  const { tone, label, detail } = pillOf(status)
  setAttribute(byId('pill'), 'data-tone', tone)
  setText(byId('pill-label'), label)
  setText(byId('pill-detail'), detail)
}
