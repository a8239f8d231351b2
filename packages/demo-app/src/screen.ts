/** The screen above the seats: a standing title, and news that cover it for a while. Knows no group. */
import { byId, setAttribute, setText } from './element.ts'
import type { Title } from './status-words.ts'

const newsMs = 9_000

export interface Screen {
  /** What the screen says when there is no news. */
  stand(title: Title): void
  announce(title: Title): void
}

export function createScreen(): Screen {
  const screen = byId('screen')
  const line = byId('screen-line')
  const small = byId('screen-small')
  let standing: Title | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const show = (title: Title): void => {
    setAttribute(screen, 'data-tone', title.tone)
    setText(line, title.line)
    setText(small, title.small)
  }
  return {
    stand(title) {
      standing = title
      if (timer === undefined) show(title)
    },
    announce(title) {
      clearTimeout(timer)
      show(title)
      timer = setTimeout(() => {
        timer = undefined
        if (standing !== undefined) show(standing)
      }, newsMs)
    },
  }
}
