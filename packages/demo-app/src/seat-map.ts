/** The seats as buttons: what each shows and how keys walk among them. Knows presses, not decisions. */
import { byId, element, setAttribute, setHue, setText } from './element.ts'
import type { Look } from './names.ts'
import { aisleAfter, bend, rowNames, seatAfter, seats, seatsPerRow } from './seat-plan.ts'

export interface SeatView {
  /** `oversold`: taken by several, where nothing is refused. */
  readonly kind: 'free' | 'asking' | 'mine' | 'taken' | 'oversold'
  /** Whoever holds it; while asking, this tab. */
  readonly owner: Look | undefined
  /** How often an oversold one was sold. */
  readonly times?: number
}

export interface SeatMap {
  /** Who is told of pressed seats; nobody until this is called. */
  onPress(listener: (seat: string) => void): void
  update(viewOf: (seat: string) => SeatView): void
  /** Draws the eye to a seat that went to somebody else. */
  nudge(seat: string): void
}

export function createSeatMap(): SeatMap {
  let press: ((seat: string) => void) | undefined
  const grid = byId('seats')
  setAttribute(grid, 'role', 'grid')
  setAttribute(grid, 'aria-label', 'Seats. Arrow keys move, Enter books or gives back.')
  const buttons = new Map(seats.map((seat, at) => [seat, makeSeat(seat, at % seatsPerRow)]))
  grid.replaceChildren(...rowNames.map((row, at) => makeRow(row, at, buttons)))
  walkByKeys(grid, buttons)
  grid.addEventListener('click', ({ target }) => {
    const seat = seatOf(target)
    if (seat !== undefined) press?.(seat)
  })
  grid.addEventListener('animationend', ({ target }) => {
    if (target instanceof Element) target.classList.remove('nudged')
  })
  return {
    onPress(listener) {
      press = listener
    },
    update(viewOf) {
      for (const [seat, button] of buttons) showSeat(button, seat, viewOf(seat))
    },
    nudge(seat) {
      buttons.get(seat)?.classList.add('nudged')
    },
  }
}

function makeSeat(seat: string, column: number): HTMLButtonElement {
  const mark = element('span', { class: 'seat-mark', 'aria-hidden': 'true' })
  const button = element('button', { type: 'button', class: 'seat', 'data-seat': seat }, mark)
  button.style.setProperty('--bend', bend(column).toFixed(3))
  return button
}

function makeRow(
  row: string,
  at: number,
  buttons: ReadonlyMap<string, HTMLButtonElement>,
): HTMLElement {
  const letter = element('span', { class: 'row-name', role: 'rowheader' }, row)
  const cells = seats.slice(at * seatsPerRow, (at + 1) * seatsPerRow).map((seat, column) => {
    const aisle = column === aisleAfter ? ' after-aisle' : ''
    const button = buttons.get(seat)
    const cell = element('span', { class: `cell${aisle}`, role: 'gridcell' })
    if (button !== undefined) cell.append(button)
    return cell
  })
  return element('div', { class: 'row', role: 'row' }, letter, ...cells)
}

const words: Readonly<Record<SeatView['kind'], (owner: string) => string>> = {
  free: () => 'free',
  asking: () => 'asking the group',
  mine: () => 'yours',
  taken: (owner) => `taken by ${owner}`,
  oversold: () => 'sold more than once',
}

function showSeat(button: HTMLButtonElement, seat: string, { kind, owner, times }: SeatView): void {
  const label = `${seat}, ${words[kind](owner?.name ?? 'somebody')}`
  setAttribute(button, 'data-kind', kind)
  setAttribute(button, 'aria-label', label)
  setAttribute(button, 'title', label)
  setAttribute(button, 'aria-busy', kind === 'asking' ? 'true' : undefined)
  if (owner !== undefined) setHue(button, owner.hue)
  const mark = button.firstElementChild
  if (mark === null) return
  setText(mark, markOf(kind, owner, times))
}

function markOf(kind: SeatView['kind'], owner: Look | undefined, times = 0): string {
  switch (kind) {
    case 'mine':
      return '✓'
    case 'taken':
      return owner?.initials ?? ''
    case 'oversold':
      return `${times}×`
    case 'free':
    case 'asking':
      return ''
  }
}

/** One stop for the tab key; arrows move it. */
function walkByKeys(grid: HTMLElement, buttons: ReadonlyMap<string, HTMLButtonElement>): void {
  let current = seats[0] ?? ''
  const stopAt = (seat: string): void => {
    buttons.get(current)?.setAttribute('tabindex', '-1')
    current = seat
    buttons.get(seat)?.setAttribute('tabindex', '0')
  }
  for (const button of buttons.values()) button.setAttribute('tabindex', '-1')
  stopAt(current)
  grid.addEventListener('focusin', ({ target }) => {
    const seat = seatOf(target)
    if (seat !== undefined) stopAt(seat)
    // The skip link leads to the grid itself.
    else buttons.get(current)?.focus()
  })
  grid.addEventListener('keydown', (event) => {
    const { key, ctrlKey, altKey, metaKey } = event
    if (altKey || metaKey) return
    const next = seatAfter(current, { key, ctrl: ctrlKey })
    if (next === undefined) return
    event.preventDefault()
    buttons.get(next)?.focus()
  })
}

function seatOf(target: EventTarget | null): string | undefined {
  if (!(target instanceof Element)) return undefined
  return target.closest<HTMLElement>('[data-seat]')?.dataset['seat']
}
