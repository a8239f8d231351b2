/** The little applications, one shown at a time: tabs as ARIA has them. Knows panels by id; knows no application. */
import { byId, setAttribute } from './element.ts'

export interface AppTabs {
  /** `listener` is told which application is shown, now and whenever it is another one, by the name in its `data-app`. */
  onShown(listener: (app: string) => void): void
}

/** From here on presses count, whether or not the applications have a group yet. */
export function startAppTabs(): AppTabs {
  const list = byId('app-tabs')
  const tabs = [...list.querySelectorAll<HTMLElement>('[role="tab"]')]
  const appOf = (tab: HTMLElement | undefined): string => tab?.dataset['app'] ?? ''
  let tell: (app: string) => void = () => undefined
  const select = (chosen: HTMLElement): void => {
    for (const tab of tabs) {
      const isChosen = tab === chosen
      setAttribute(tab, 'aria-selected', isChosen ? 'true' : 'false')
      setAttribute(tab, 'tabindex', isChosen ? 0 : -1)
      const panel = tab.getAttribute('aria-controls')
      if (panel !== null) setAttribute(byId(panel), 'hidden', !isChosen)
    }
    tell(appOf(chosen))
  }
  for (const tab of tabs) tab.addEventListener('click', () => select(tab))
  const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 }
  list.addEventListener('keydown', (event) => {
    const at = tabs.findIndex((tab) => tab === event.target)
    const step = Object.hasOwn(steps, event.key) ? steps[event.key] : undefined
    const next = step === undefined ? undefined : tabs.at((at + step) % tabs.length)
    if (at === -1 || next === undefined) return
    event.preventDefault()
    next.focus()
    select(next)
  })
  return {
    onShown(listener) {
      tell = listener
      tell(appOf(tabs.find((tab) => tab.getAttribute('aria-selected') === 'true')))
    },
  }
}
