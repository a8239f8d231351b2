/** What a driver can do to a page from outside: hide, crash, wipe, fill. Knows pages; does not know what is in them. */
import type { Page } from '@playwright/test'

/**
 * A page that a driver steers is never really hidden, so it is told that it is: `visibilityState` says so and the event comes.
 * Its timers are not slowed down.
 */
export async function hidePage(page: Page): Promise<void> {
  await setVisibility(page, 'hidden')
}

export async function showPage(page: Page): Promise<void> {
  await setVisibility(page, 'visible')
}

async function setVisibility(page: Page, state: DocumentVisibilityState): Promise<void> {
  await page.evaluate((value) => {
    const say = (name: string, said: unknown): void => {
      Object.defineProperty(document, name, { configurable: true, get: () => said })
    }
    say('visibilityState', value)
    say('hidden', value === 'hidden')
    document.dispatchEvent(new Event('visibilitychange'))
  }, state)
}

/** Ends the renderer as a crash ends it. Resolves when the browser has noticed. */
export async function crashPage(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash')
  const session = await page.context().newCDPSession(page)
  // It never answers: who would answer is the one that ends.
  session.send('Page.crash').catch(() => undefined)
  await crashed
}

/** Deletes one database from an empty page of the same origin, where nothing holds it open; the page stays empty. */
export async function wipeStore(page: Page, store: string): Promise<void> {
  const empty = new URL('/unanimous-empty-page', page.url()).href
  await page.route(empty, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
  )
  const url = page.url()
  await page.goto(empty)
  await page.evaluate(
    (name) =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase(name)
        request.onsuccess = () => resolve()
        request.onerror = () => reject(new Error(`The database ${name} could not be deleted.`))
      }),
    store,
  )
  await page.unroute(empty)
  await page.goto(url)
}

/** The browser has no room left for the page's origin from now on. Chromium only. */
export async function fillQuotaOf(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const origin = new URL(page.url()).origin
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 })
}
