/** Banners above everything else: drawn, kept in step, and their one button. Knows no group. */
import { byId, element, keyedList, setText } from './element.ts'
import { roomLink } from './invitation.ts'
import type { Banner } from './status-words.ts'

/** Gives a function that shows these banners and no others. */
export function createBanners(room: string): (banners: readonly Banner[]) => void {
  return keyedList<Banner>({
    parent: byId('banners'),
    keyOf: ({ key }) => key,
    make: (banner) => makeBanner(banner, room),
    update: (made, { title, text }) => {
      const [strong, sentence] = made.querySelectorAll('strong, span')
      if (strong !== undefined) setText(strong, title)
      if (sentence !== undefined) setText(sentence, text)
    },
  })
}

function makeBanner({ action }: Banner, room: string): HTMLElement {
  const words = element('p', {}, element('strong'), ' ', element('span'))
  const made = element('div', { class: 'banner' }, words)
  if (action === undefined) return made
  if (action.does === 'plain-room') {
    const link = { class: 'secondary', href: roomLink(location.href, room) }
    made.append(element('a', link, action.label))
    return made
  }
  const button = element('button', { type: 'button', class: 'secondary' }, action.label)
  button.addEventListener('click', () => location.reload())
  made.append(button)
  return made
}
