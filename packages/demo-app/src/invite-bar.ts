/** The ways to more tabs: another one here, a link for others, a code for phones. */
import { byId, element, setAttribute, setText } from './element.ts'
import { linkFor, phoneLink } from './invitation.ts'
import { drawQrCode } from './qr-code.ts'

const noteMs = 4_000

export interface InviteBar {
  /** The address that others should open. */
  show(invite: string): void
}

/** `origins`: under which other machines reach this page. */
export function createInviteBar(origins: readonly string[]): InviteBar {
  const copied = byId('copied')
  const phones = byId('phones')
  let shown: string | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  byId('copy').addEventListener('click', () => {
    void copyText(shown ?? location.href).then((isCopied) => {
      setText(
        copied,
        isCopied ? 'Copied.' : 'Copying is forbidden here: take the address of “Open another tab”.',
      )
      clearTimeout(timer)
      timer = setTimeout(() => setText(copied, ''), noteMs)
    })
  })
  return {
    show(address) {
      const invite = linkFor('member', address)
      if (invite === shown) return
      shown = invite
      for (const id of ['another', 'coach-open']) setAttribute(byId(id), 'href', invite)
      setAttribute(byId('watch'), 'href', linkFor('watcher', invite))
      showPhones(phones, invite, origins)
    },
  }
}

function showPhones(place: HTMLElement, invite: string, origins: readonly string[]): void {
  const link = phoneLink(invite, origins)
  if (link.kind === 'none') {
    place.replaceChildren(element('p', { class: 'note' }, link.why))
    return
  }
  const address = element('a', { href: link.href, class: 'address' }, new URL(link.href).host)
  const words = element('p', { class: 'note' }, 'Phones in this network join here: ', address)
  place.replaceChildren(words)
  drawQrCode(link.href, `QR code of the invite link at ${new URL(link.href).host}`).then(
    (drawing) => {
      // Another invite may have come meanwhile.
      if (words.isConnected) place.prepend(drawing)
    },
    () => words.append(' (The QR code could not be drawn.)'),
  )
}

/** False where the page may not use the clipboard. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
