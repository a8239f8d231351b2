/** Light or dark: the system's choice until the reader makes one, which this browser then remembers. */
import { setAttribute, setText } from './element.ts'

type Theme = 'light' | 'dark'

const key = 'unanimous-demo-theme'
const isTheme = (value: unknown): value is Theme => value === 'light' || value === 'dark'

function stored(): Theme | undefined {
  try {
    const value = localStorage.getItem(key)
    return isTheme(value) ? value : undefined
  } catch {
    // Storage may be forbidden to this page; then every visit begins with the system's choice.
    return undefined
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(key, theme)
  } catch {
    /* As above: it lasts as long as the page. */
  }
}

export function startTheme(button: HTMLElement): void {
  const system = matchMedia('(prefers-color-scheme: dark)')
  let chosen = stored()
  const effective = (): Theme => chosen ?? (system.matches ? 'dark' : 'light')
  const show = (): void => {
    setAttribute(document.documentElement, 'data-theme', chosen)
    const other = effective() === 'dark' ? 'light' : 'dark'
    setText(button, other === 'dark' ? 'Lights off' : 'Lights on')
    setAttribute(button, 'title', `Use ${other} colours`)
  }
  button.addEventListener('click', () => {
    chosen = effective() === 'dark' ? 'light' : 'dark'
    remember(chosen)
    show()
  })
  system.addEventListener('change', show)
  show()
}
