/**
 * The two places of the page: the group, of which this tab is a node, and the lab, which is simulated. The address says which
 * one is shown. Knows neither; the lab's code is fetched when it is first opened.
 */
import { byId, setAttribute, setText } from './element.ts'
import type { Lab } from './lab/lab.ts'
import { isLabAddress } from './lab/address.ts'

/** Resolves when the group is wanted: at once, unless the page begins in the lab. */
export function startViews(): Promise<void> {
  const [house, labPlace] = [byId('house'), byId('lab')]
  const [toGroup, toLab] = [byId('to-group'), byId('to-lab')]
  // The fragment may hold an invitation; it is there again after a visit to the lab.
  const groupHash = isLabAddress(location.hash) ? '' : location.hash
  let labHash = '#lab'
  let lab: Promise<Lab> | undefined
  return new Promise((resolve) => {
    const show = (): void => {
      const isLab = isLabAddress(location.hash)
      setAttribute(house, 'hidden', isLab)
      setAttribute(labPlace, 'hidden', !isLab)
      setAttribute(toGroup, 'aria-current', isLab ? undefined : 'page')
      setAttribute(toLab, 'aria-current', isLab ? 'page' : undefined)
      if (isLab) {
        const { hash } = location
        lab ??= fetchLab(labPlace)
        void lab.then((it) => it.show(hash))
        return
      }
      void lab?.then((it) => it.hide())
      resolve()
    }
    const go = (hash: string): void => {
      if (isLabAddress(location.hash)) labHash = location.hash
      history.pushState(undefined, '', `${location.pathname}${location.search}${hash}`)
      show()
      scrollTo(0, 0)
    }
    toGroup.addEventListener('click', (event) => {
      event.preventDefault()
      go(groupHash)
    })
    toLab.addEventListener('click', (event) => {
      event.preventDefault()
      go(labHash)
    })
    addEventListener('popstate', show)
    show()
  })
}

async function fetchLab(place: HTMLElement): Promise<Lab> {
  try {
    const { createLab } = await import('./lab/lab.ts')
    place.replaceChildren()
    return createLab(place)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    setText(place, `The lab could not be fetched: ${why}. Reload the page to try again.`)
    return { show: () => undefined, hide: () => undefined }
  }
}
