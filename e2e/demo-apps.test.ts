import type { Page } from '@playwright/test'
import { expect, test } from './fixture/demo.ts'

type Visit = (rest?: string) => Promise<Page>

/** So many tabs, all of them voters that agree who leads. */
async function openGroup(visit: Visit, count: number): Promise<readonly [Page, Page, ...Page[]]> {
  const pages: [Page, Page, ...Page[]] = [await visit(), await visit()]
  for (let more = 2; more < count; more += 1) pages.push(await visit())
  for (const page of pages) {
    await expect(page.locator('#pill')).toContainText('Deciding')
    await expect(page.locator('#members li')).toHaveCount(count)
    if (count === 3) {
      await expect(page.locator('.ring-tab[data-rung="standby"]')).toHaveCount(0)
      await expect(page.locator('.ring-tab[data-rung="leader"]')).toHaveCount(1)
    }
  }
  return pages
}

const openApp = async (pages: readonly Page[], name: string): Promise<void> => {
  for (const page of pages) await page.getByRole('tab', { name }).click()
}

const nameOf = async (page: Page): Promise<string> => page.locator('#you-name').innerText()

test('[DM1] all tabs press one seat: decided, one has it; merged, it is sold to each of them', async ({
  visit,
}) => {
  const pages = await openGroup(visit, 3)
  await pages[0].getByRole('button', { name: 'All tabs press one seat' }).click()
  for (const page of pages) await expect(page.locator('#booked')).toHaveText('1 of 48 booked')
  const lines = await Promise.all(
    pages.map(async (page) => {
      await expect(page.locator('#screen-line')).toHaveText(/A1 is yours|was first/)
      return page.locator('#screen-line').innerText()
    }),
  )
  expect(lines.filter((line) => line === 'A1 is yours')).toHaveLength(1)
  expect(new Set(lines.filter((line) => line !== 'A1 is yours')).size).toBe(1)

  const merge = pages[1].getByRole('switch', { name: 'Merge style' })
  await merge.focus()
  await pages[1].keyboard.press('Space')
  await expect(merge).toHaveAttribute('aria-checked', 'true')
  await expect(pages[1].getByText('nothing is refused')).toBeVisible()
  await pages[1].getByRole('button', { name: 'All tabs press one seat' }).click()
  for (const page of pages) {
    await expect(page.locator('[data-seat="A2"]')).toHaveAttribute('data-kind', 'oversold')
    await expect(page.locator('[data-seat="A2"]')).toContainText('3×')
    await expect(page.locator('#oversold')).toHaveText('1 sold more than once')
  }
})

test('[DM2] whoever presses the buzzer first wins the round, and every tab names the same one', async ({
  visit,
}) => {
  const pages = await openGroup(visit, 2)
  await openApp(pages, 'Buzzer')
  await Promise.all(pages.map((page) => page.locator('#buzz').click()))
  const labels = await Promise.all(
    pages.map(async (page) => {
      await expect(page.locator('#buzz')).toHaveAttribute('data-won')
      await expect(page.locator('#buzz-words')).toHaveText(/You were first|was first/)
      return page.locator('#buzz-label').innerText()
    }),
  )
  const winner = labels.indexOf('You!')
  expect(winner).toBeGreaterThanOrEqual(0)
  expect(labels[1 - winner]).toBe(await nameOf(pages[winner] ?? pages[0]))
  await pages[0].locator('#buzz-next').press('Enter')
  await expect(pages[1].locator('#buzz-round')).toHaveText('Round 2')
  await expect(pages[1].locator('#buzz-label')).toHaveText('Press')
})

test('[DM3] noughts and crosses: turns are kept by the group, by mouse and by keys', async ({
  visit,
}) => {
  const pages = await openGroup(visit, 2)
  const [ada, bob] = pages
  // By keys, as far as the board.
  await ada.getByRole('tab', { name: 'Seats' }).focus()
  await ada.keyboard.press('ArrowRight')
  await ada.keyboard.press('ArrowRight')
  await openApp([bob], 'Noughts')
  const cell = (page: Page, at: number) => page.locator(`[data-cell="${at}"]`)
  const play = async (page: Page, at: number, sign: string): Promise<void> => {
    await cell(page, at).click()
    for (const each of pages) await expect(cell(each, at)).toHaveAttribute('data-sign', sign)
  }
  await cell(ada, 0).focus()
  await ada.keyboard.press('Enter')
  await expect(cell(bob, 0)).toHaveAttribute('data-sign', 'x')
  await ada.keyboard.press('ArrowDown')
  await expect(cell(ada, 3)).toBeFocused()
  await ada.keyboard.press('Enter')
  await expect(ada.locator('#game-words')).toContainText('not your turn')
  await play(bob, 4, 'o')
  await play(ada, 3, 'x')
  await play(bob, 5, 'o')
  await play(ada, 6, 'x')
  await expect(ada.locator('#game-turn')).toHaveText('you won.')
  await expect(bob.locator('#game-turn')).toHaveText(`${await nameOf(ada)} won.`)
  await bob.locator('#game-new').click()
  await expect(cell(ada, 0)).toHaveAttribute('data-sign', '.')
})

test('[DM4] [DM17] a paragraph is written by one tab at a time, all tabs read the same, and so does who begins from a backup', async ({
  visit,
}) => {
  const pages = await openGroup(visit, 2)
  const [ada, bob] = pages
  await openApp(pages, 'Text')
  const box = (page: Page, name: string) => page.locator(`[data-paragraph="${name}"]`)
  await box(ada, '1').getByRole('button').click()
  await expect(box(ada, '1')).toHaveAttribute('data-lock', 'mine')
  await expect(box(bob, '1')).toHaveAttribute('data-lock', 'other')
  await expect(box(bob, '1').getByRole('button')).toBeDisabled()
  await expect(box(bob, '1').getByRole('textbox')).not.toBeEditable()
  await box(ada, '1').getByRole('textbox').pressSequentially('Once upon a time')
  await box(bob, '2').getByRole('button').press('Enter')
  await expect(box(bob, '2')).toHaveAttribute('data-lock', 'mine')
  await box(bob, '2').getByRole('textbox').pressSequentially('there was a quorum.')
  for (const page of pages) {
    await expect(box(page, '1').getByRole('textbox')).toHaveValue('Once upon a time')
    await expect(box(page, '2').getByRole('textbox')).toHaveValue('there was a quorum.')
  }
  await box(ada, '1').getByRole('button', { name: 'Done' }).click()
  await box(bob, '1').getByRole('button', { name: 'Write here' }).click()
  await box(bob, '1').getByRole('textbox').fill('Once upon a night')
  await expect(box(ada, '1').getByRole('textbox')).toHaveValue('Once upon a night')
  await ada.reload()
  await openApp([ada], 'Text')
  await expect(box(ada, '1').getByRole('textbox')).toHaveValue('Once upon a night')

  const download = ada.waitForEvent('download')
  await ada.getByRole('button', { name: 'Save a backup' }).press('Enter')
  const backup = await (await download).path()
  await expect(ada.locator('#backup-words')).toContainText('Saved what the first')
  const file = bob.locator('#backup-open')
  await file.setInputFiles({ name: 'a.json', mimeType: 'text/plain', buffer: Buffer.from('{}') })
  await expect(bob.locator('#backup-words')).toContainText('is no backup')
  const room = await bob.locator('#room').innerText()
  await file.setInputFiles(backup)
  await expect(bob.locator('#room')).toHaveText(new RegExp(`^${room}-[0-9a-f]{4}$`))
  await openApp([bob], 'Text')
  await expect(box(bob, '1').getByRole('textbox')).toHaveValue('Once upon a night')
  await expect(bob.locator('#pill')).toContainText('1 of 1 vote')
  await expect(box(ada, '1').getByRole('textbox')).toHaveValue('Once upon a night')
})

test('[DM4] an application that is chosen before the page has its group is the one that it shows', async ({
  visit,
  visitors,
}) => {
  let answer = (): void => undefined
  const chosen = new Promise<void>((resolve) => (answer = resolve))
  await visitors.route('**/config.json', async (route) => {
    await chosen
    await route.continue()
  })
  const page = await visit()
  await openApp([page], 'Text')
  await expect(page.locator('[data-paragraph="1"]')).toHaveCount(0)
  answer()
  await expect(page.locator('[data-paragraph="1"]').getByRole('textbox')).toBeVisible()
})

test('[DM5] [DM15] [DM16] [RV3] numbers have no gaps and no twins, whoever draws or watches at the same moment', async ({
  visit,
}) => {
  const pages = await openGroup(visit, 3)
  const link = await pages[0].getByRole('link', { name: 'only watches' }).getAttribute('href')
  const watcher = await visit(`&watch=1${new URL(link ?? '').hash}`)
  const all = [...pages, watcher]
  await expect(watcher.locator('#pill')).toHaveText(/Watching\s+at most [\d.]+ m?s behind/)
  await openApp(all, 'Numbers')
  await Promise.all(all.map((page) => page.getByRole('button', { name: 'Draw ten' }).click()))
  for (const page of all) {
    await expect(page.locator('#ticket-last')).toHaveText('40')
    await expect(page.locator('#ticket-words')).toContainText('Ten at once')
    const numbers = (await page.locator('#tickets strong').allInnerTexts()).map(Number)
    expect(numbers).toEqual(Array.from({ length: 12 }, (_, at) => 40 - at))
  }
  // It knows by whom it is fed, and whoever that is knows it, too.
  await watcher.bringToFront()
  await expect(watcher.locator('.ring-tab[data-rung="observer"][data-me]')).toHaveCount(1)
  await expect(watcher.locator('.ring-feed')).not.toHaveCount(0)
  await watcher.getByRole('button', { name: 'Lead from this tab' }).click()
  await expect(watcher.locator('#lead-words')).toContainText('This tab has no vote')
  await pages[0].bringToFront()
  await expect(pages[0].locator('.ring-tab[data-rung="observer"]')).toHaveCount(1)
  expect(await watcher.locator('#another').getAttribute('href')).not.toContain('watch')
})

test('[RV2] [DM16] a tab takes the lead when told; closing it is measured: a new leader, and no write lost', async ({
  visit,
}) => {
  const pages = await openGroup(visit, 3)
  const leads = async (page: Page): Promise<boolean> =>
    (await page.locator('.ring-tab[data-rung="leader"][data-me]').count()) > 0
  const isLeader = await Promise.all(pages.map(leads))
  const first = isLeader.indexOf(true)
  await expect((pages[first] ?? pages[0]).locator('#lead')).toBeDisabled()
  const leader = pages[(first + 1) % pages.length] ?? pages[0]
  // A hidden page would hand over at once.
  await leader.bringToFront()
  await leader.getByRole('button', { name: 'Lead from this tab' }).press('Enter')
  await expect(leader.locator('#lead-words')).toContainText('This tab leads now')
  await expect(leader.locator('.ring-tab[data-rung="leader"][data-me]')).toHaveCount(1)
  const [witness, other] = pages.filter((page) => page !== leader)
  if (witness === undefined || other === undefined) throw new Error('two tabs should be left')
  await expect(leader.locator('#drill')).toBeDisabled()
  await witness.locator('#drill').press('Enter')
  await expect(witness.locator('#drill-words')).toContainText('Now close the tab of')
  await leader.close()
  await expect(witness.locator('#drill-words')).toHaveText(
    /^New leader in \d+\.\d s, 0 writes lost\..*leads now, ballot \d+/,
  )
  // The ring says the same in both tabs that are left.
  for (const page of [witness, other]) {
    await expect(page.locator('.ring-tab[data-rung="leader"]')).toHaveCount(1)
    await expect(page.locator('.ring-link[data-state="open"]')).toHaveCount(1)
    await expect(page.locator('.ring-link[data-state="open"] .ring-rtt')).toHaveText(/ ms$/)
  }
})
