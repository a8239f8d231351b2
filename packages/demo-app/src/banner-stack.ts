/** Banners above everything else: drawn, kept in step, and their one button. Knows no group. */
import { byId, element, keyedList, setText } from './element.ts'
import { roomLink } from './invitation.ts'
import type { Banner } from './status-words.ts'

export interface Banners {
  /** These and no others. */
  show(banners: readonly Banner[]): void
  /** What happens when a person wants the group begun anew, and has said so twice. */
  onRecover(recover: () => void): void
}

export function createBanners(room: string): Banners {
  let recover: () => void = () => undefined
  const show = keyedList<Banner>({
    parent: byId('banners'),
    keyOf: ({ key }) => key,
    make: (banner) => makeBanner(banner, room, () => recover()),
    update: (made, { title, text }) => {
      const [strong, sentence] = made.querySelectorAll('strong, span')
      if (strong !== undefined) setText(strong, title)
      if (sentence !== undefined) setText(sentence, text)
    },
  })
  return {
    show,
    onRecover: (listener) => {
      recover = listener
    },
  }
}

function makeBanner({ action }: Banner, room: string, recover: () => void): HTMLElement {
  const words = element('p', {}, element('strong'), ' ', element('span'))
  const made = element('div', { class: 'banner' }, words)
  switch (action?.does) {
    case undefined:
      break
    case 'plain-room':
      made.append(
        element('a', { class: 'secondary', href: roomLink(location.href, room) }, action.label),
      )
      break
    case 'reload':
      made.append(buttonFor(action.label, () => location.reload()))
      break
    case 'recover':
      made.append(cautiousButton(action.label, recover))
      break
  }
  return made
}

function buttonFor(label: string, act: () => void): HTMLElement {
  const button = element('button', { type: 'button', class: 'secondary' }, label)
  button.addEventListener('click', act)
  return button
}

/** What cannot be taken back is asked for twice. */
function cautiousButton(label: string, act: () => void): HTMLElement {
  let isSure = false
  const button = buttonFor(label, () => {
    if (isSure) return act()
    isSure = true
    setText(button, 'Yes: they are gone for good')
  })
  return button
}
