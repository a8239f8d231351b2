import type { Page } from '@playwright/test'
import type { AxeResults } from 'axe-core'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from './fixture/demo.ts'
import { killRenderer, rendererPids } from './fixture/renderer.ts'

type Visit = (rest?: string) => Promise<Page>

async function openThree(visit: Visit): Promise<readonly [Page, Page, Page]> {
  const pages = [await visit(), await visit(), await visit()] as const
  for (const page of pages) {
    await expect(page.locator('#pill')).toContainText('3 of 3 votes')
    await expect(page.locator('.ring-link[data-state="open"]')).toHaveCount(2)
  }
  return pages
}

const booked = async (page: Page, seat: string): Promise<void> => {
  await page.locator(`[data-seat="${seat}"]`).click()
  await expect(page.locator(`[data-seat="${seat}"]`)).toHaveAttribute('data-kind', 'mine')
}

test('[DM6] a link is cut by hand, the group goes on, and it is mended by keys', async ({
  visit,
}) => {
  const [ada] = await openThree(visit)
  await ada.getByText('Break a link, stall this tab').click()
  await ada.getByRole('button', { name: 'Cut', exact: true }).click()
  await expect(ada.locator('#fault-list')).toContainText('This tab is cut off from')
  // The ring is drawn only while it is seen.
  await ada.locator('#ring').scrollIntoViewIfNeeded()
  await expect(
    ada.locator('.ring-link[data-state="cut"], .ring-link[data-state="relayed"]'),
  ).toHaveCount(1)
  await booked(ada, 'B1')
  await ada.getByRole('button', { name: 'Slow', exact: true }).click()
  await ada.getByRole('button', { name: 'Lose half' }).click()
  await expect(ada.locator('#fault-list')).toContainText('take 250 to 350 ms longer')
  await expect(ada.locator('#fault-list')).toContainText('50 % of the messages')
  await ada.getByRole('button', { name: 'Mend' }).focus()
  await ada.keyboard.press('Enter')
  await expect(ada.locator('#fault-list li')).toHaveCount(0)
  await ada.locator('#ring').scrollIntoViewIfNeeded()
  await expect(ada.locator('.ring-link[data-state="open"]')).toHaveCount(2)

  await ada.getByRole('button', { name: 'Stop signaling' }).click()
  await expect(ada.locator('#facts')).toContainText('nobody can join')
  await booked(ada, 'B2')
  await ada.getByRole('button', { name: 'Start signaling' }).click()
  await expect(ada.locator('#facts')).toContainText('online')

  await ada.getByRole('button', { name: 'Stall 3 s' }).click()
  await booked(ada, 'B3')
})

test('[DM6] [DM10] a tab whose disk is wiped stops and says so; the others hear it and go on', async ({
  visit,
}) => {
  const [ada, bob] = await openThree(visit)
  await expect(bob.locator('#facts')).toContainText('2 direct, udp')
  await expect(bob.getByRole('log')).toContainText('leads.')
  await ada.getByText('Break a link, stall this tab').click()
  await ada.getByRole('button', { name: 'Wipe its disk' }).click()
  await expect(ada.locator('#pill')).toContainText('Stopped')
  await expect(ada.getByRole('log')).toContainText('Stopped.')
  await expect(bob.getByRole('log')).toContainText('is out of reach.')
  await booked(bob, 'B1')
})

test('[DM6] in a storm, and radioactive, numbers have no gaps and no rule is broken', async ({
  visit,
}) => {
  const pages = await openThree(visit)
  for (const page of pages) await page.getByRole('tab', { name: 'Numbers' }).click()
  let last = 0
  for (const level of ['storm', 'radioactive']) {
    for (const page of pages) await page.getByRole('radio', { name: level }).check()
    await expect(pages[0].locator('#fault-list')).toContainText('are lost')
    for (const page of pages) await page.getByRole('button', { name: 'Draw a number' }).click()
    last += pages.length
    for (const page of pages) {
      await expect(page.locator('#ticket-last')).toHaveText(String(last), { timeout: 60_000 })
    }
  }
  for (const page of pages) {
    await page.getByRole('radio', { name: 'calm' }).check()
    await expect(page.locator('#rules-sum')).toHaveText(
      /^\d+ rules, each checked [\d,]+ times in this tab: 0 broken\.$/,
    )
    await expect(page.locator('#rules li')).not.toHaveCount(0)
    await expect(page.locator('#rules [data-broken]')).toHaveCount(0)
  }
})

test('[DM7] the coach leads through five steps, each done or skipped', async ({ visit }) => {
  const page = await visit()
  const step = page.locator('#coach-step')
  await expect(step).toHaveText('Step 1 of 5')
  const others = [await visit(), await visit()]
  await expect(step).toHaveText('Step 2 of 5')
  for (const other of others) await expect(other.locator('#coach')).toBeHidden()
  await booked(page, 'A1')
  await expect(step).toHaveText('Step 3 of 5')
  await page.getByRole('button', { name: 'All tabs press one seat' }).click()
  await expect(step).toHaveText('Step 4 of 5')
  await page.getByRole('button', { name: 'Skip this step' }).press('Enter')
  await expect(step).toHaveText('Step 5 of 5')
  await page.getByText('Break a link, stall this tab').click()
  await page.getByRole('button', { name: 'Hear nothing' }).click()
  await expect(page.locator('#coach')).toBeHidden()
})

test('[DM8] [DM12] moments are explained with the ring as it was, and a trace goes to a file and comes back', async ({
  visit,
}) => {
  const page = await visit()
  await expect(page.locator('#pill')).toContainText('Deciding')
  await expect(page.locator('#time-words')).toHaveText(/\.$/)
  const slider = page.locator('#time-slider')
  await slider.focus()
  await page.keyboard.press('Home')
  await expect(page.locator('#time-clock')).toContainText('moment 1 of')
  await expect(page.locator('#time-source')).toContainText('Paused')
  const past = page.locator('.ring[data-past]')
  // The ring is drawn only while it is seen.
  await page.locator('#ring').scrollIntoViewIfNeeded()
  await expect(past.locator('.ring-tab')).toHaveCount(1)
  const words = await page.locator('#time-words').innerText()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save the trace' }).click()
  const path = await (await download).path()
  await page.locator('#time-open').setInputFiles(path)
  await expect(page.locator('#time-source')).toContainText('From ')
  await slider.focus()
  await page.keyboard.press('Home')
  await expect(page.locator('#time-words')).toHaveText(words)
  await page.getByRole('button', { name: 'Back to now' }).press('Enter')
  await expect(page.locator('#time-source')).toContainText('This tab, now')
  await page.locator('#ring').scrollIntoViewIfNeeded()
  await expect(past).toHaveCount(0)
})

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** Rules that axe calls serious or worse, with the elements that break them. */
async function findings(page: Page): Promise<readonly string[]> {
  await page.evaluate(readFileSync(axePath, 'utf8'))
  const { violations } = await page.evaluate(() =>
    (window as unknown as { readonly axe: { readonly run: () => Promise<AxeResults> } }).axe.run(),
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, any }) => `${id}: ${String(target)} ${any[0]?.message ?? ''}`),
    )
}

test('[DM9] axe finds nothing serious, by day and by night', async ({ visit }) => {
  const [page] = await openThree(visit)
  const judge = async (what: string): Promise<void> => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      expect(await findings(page), `${what}, ${colorScheme}`).toEqual([])
    }
  }
  await booked(page, 'A1')
  await page.getByText('Break a link, stall this tab').click()
  for (const app of ['Buzzer', 'Noughts', 'Text', 'Numbers', 'Seats']) {
    await page.getByRole('tab', { name: app }).click()
    await judge(app)
  }
  await page.getByRole('link', { name: 'The lab' }).click()
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  await expect(page.locator('.world[data-side="left"] .verdict')).toContainText('Fails here', {
    timeout: 90_000,
  })
  await judge('the lab')
})

test('[DM14] a tab whose majority is gone for good goes on when a person says so twice', async ({
  visit,
}) => {
  const pages = await openThree(visit)
  const [ada, bob, eve] = pages
  await booked(ada, 'B1')
  const pids = await rendererPids(pages)
  await killRenderer(bob, pids[1] ?? 0)
  await killRenderer(eve, pids[2] ?? 0)
  await expect(ada.locator('#pill')).toContainText('No majority')
  const goOn = ada.getByRole('button', { name: 'Go on from this tab' })
  await expect(goOn).toBeVisible({ timeout: 30_000 })
  await goOn.click()
  await expect(ada.locator('#pill')).toContainText('No majority')
  await ada.getByRole('button', { name: 'Yes: they are gone for good' }).click()
  await expect(ada.locator('#pill')).toContainText('Deciding')
  await expect(ada.locator('[data-seat="B1"]')).toHaveAttribute('data-kind', 'mine')
  await booked(ada, 'B2')
  const joined = await visit()
  await expect(joined.locator('[data-seat="B2"]')).toHaveAttribute('data-kind', 'taken')
})
