/** What this tab may do about itself: take a name, leave, start a new showing, make a rush. */
import type { Group } from 'unanimous'
import { byId, setAttribute, setText } from './element.ts'
import { percentile, runLoad } from './load.ts'
import { isName } from './house-machine.ts'
import type { House, HouseCommands } from './house-machine.ts'

const rush = 100

type SeatGroup = Group<House, HouseCommands>

export function bindOwnControls(group: SeatGroup): void {
  setAttribute(byId('own'), 'hidden', false)
  bindRename(group)
  bindLoad(group)
  byId('clear').addEventListener('click', () => {
    // What becomes of it shows in the seats.
    group.do.clear().catch(() => undefined)
  })
  byId('leave').addEventListener('click', () => {
    setAttribute(byId('leave'), 'disabled', true)
    setText(byId('leave'), 'Leaving …')
    void group.leave().finally(() => setAttribute(byId('own'), 'hidden', true))
  })
}

function bindRename(group: SeatGroup): void {
  const form = byId('rename')
  const opener = byId('rename-open')
  const input = form.querySelector('input')
  if (!(form instanceof HTMLFormElement) || input === null) return
  const open = (isOpen: boolean): void => {
    setAttribute(form, 'hidden', !isOpen)
    setAttribute(opener, 'aria-expanded', isOpen ? 'true' : 'false')
  }
  opener.addEventListener('click', () => {
    const isOpen = form.hasAttribute('hidden')
    open(isOpen)
    if (!isOpen) return
    input.value = group.state.names[group.me] ?? ''
    input.focus()
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const name = input.value.trim().replace(/\s+/g, ' ')
    input.setCustomValidity(isName(name) ? '' : 'A name has up to 24 visible characters.')
    if (!input.reportValidity()) return
    group.do.rename(name).catch(() => undefined)
    open(false)
    opener.focus()
  })
  input.addEventListener('input', () => input.setCustomValidity(''))
  form.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return
    open(false)
    opener.focus()
  })
}

function bindLoad(group: SeatGroup): void {
  const button = byId('load')
  const result = byId('load-result')
  button.addEventListener('click', () => {
    setAttribute(button, 'disabled', true)
    setText(result, 'Deciding …')
    void runLoad(group, rush).then(({ latenciesMs, elapsedMs }) => {
      setText(result, loadWords(latenciesMs, elapsedMs))
      setAttribute(button, 'disabled', false)
    })
  })
}

export function loadWords(latenciesMs: readonly number[], elapsedMs: number): string {
  const median = percentile(latenciesMs, 0.5)
  if (median === undefined) return 'None was decided: no majority answered.'
  const perSecond = Math.round((latenciesMs.length / elapsedMs) * 1000).toLocaleString('en')
  return `${latenciesMs.length} in ${(elapsedMs / 1000).toFixed(2)} s: ${perSecond} a second, half of them within ${median.toFixed(0)} ms.`
}
