import type { Locator, Page } from '@playwright/test'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test, top } from './fixture/demo.ts'
import { isLongRun } from './fixture/long-run.ts'

/** Two runs at once, on a busy machine. */
const runLimitMs = 90_000

/** By the names that `sim run --json` has for them. */
type Figures = Readonly<
  Record<'committed' | 'stallMs' | 'changes' | 'handovers' | 'decided' | 'violations', number>
>

async function simRun(network: string, protocol: string, seed: number): Promise<Figures> {
  const words = ['run', network, '--protocol', protocol, '--seed', String(seed), '--json']
  const run = promisify(execFile)
  // It ends with 1 when the protocol fails there, which is what some of these are for.
  const { stdout } = await run(
    process.execPath,
    ['tools/run.mjs', 'packages/simulator/cli/sim.ts', ...words],
    { cwd: top },
  ).catch((error: unknown) => error as { stdout: string })
  return JSON.parse(stdout) as Figures
}

const world = (page: Page, side: 'left' | 'right'): Locator =>
  page.locator(`.world[data-side="${side}"]`)

const whole = (card: Locator, figure: string): Locator =>
  card.locator(`[data-figure="${figure}"] [data-when="whole"]`)

async function shown(card: Locator): Promise<Figures> {
  await expect(whole(card, 'violations')).toHaveText(/^\d+$/, { timeout: runLimitMs })
  const number = async (figure: string): Promise<number> =>
    Number((await whole(card, figure).innerText()).replace(/[^\d.]/g, ''))
  return {
    committed: await number('committed'),
    stallMs: Math.round((await number('stall')) * 1000),
    changes: await number('changes'),
    handovers: await number('handovers'),
    decided: await number('decided'),
    violations: await number('violations'),
  }
}

const everyDay = [['QL', 'raft-pv']] as const
/** The long test plays these, too: each is four runs of a network. */
const long = [
  ['U1', 'raft'],
  ['CE', 'raft-pv-cq'],
] as const

for (const [network, rival] of isLongRun ? [...everyDay, ...long] : everyDay) {
  test(`[LB2] on ${network}, ${rival} fails and Unanimous commits, with the numbers of sim run`, async ({
    visit,
  }) => {
    const page = await visit('#lab=U3')
    await page.locator('#lab-network').selectOption(network)
    await expect(page.locator('#lab-left')).toHaveValue(rival)
    await expect(page.getByText('Simulated', { exact: true })).toBeVisible()
    const [left, right] = [world(page, 'left'), world(page, 'right')]
    const [theirs, ours] = [await shown(left), await shown(right)]
    await expect(left.getByRole('status')).toContainText('Fails here')
    await expect(right.getByRole('status')).toContainText('Holds')
    expect(await simRun(network, rival, 1)).toMatchObject(theirs)
    expect(await simRun(network, 'unanimous', 1)).toMatchObject(ours)
  })
}

test('[LB4] a link is cut by mouse and by keys, nodes are dragged and frozen, and all of it is undone', async ({
  visit,
}) => {
  const page = await visit('#lab=X1&seed=7')
  const [left, right] = [world(page, 'left'), world(page, 'right')]
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByLabel('Time in the run').fill('5000')
  const link = left.locator('[data-link="a-b"]')
  await expect(link).toHaveAttribute('data-carries', 'both')

  // By mouse, near an end: in the middle the lines of a mesh cross.
  const box = await link.locator('.link-hit').boundingBox()
  if (box === null) throw new Error('the link is not drawn')
  await page.mouse.click(box.x + box.width * 0.35, box.y + box.height * 0.35)
  await expect(page.getByRole('status').filter({ hasText: 'From 5.0 s on' })).toContainText(
    'b hears a, a does not hear b',
  )
  // One window on it shows, on both sides.
  await page.getByRole('button', { name: 'One window ahead' }).click()
  await expect(link).toHaveAttribute('data-carries', 'there')
  await expect(right.locator('[data-link="a-b"]')).toHaveAttribute('data-carries', 'there')

  // By keys.
  await link.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'One window ahead' }).click()
  await expect(link).toHaveAttribute('data-carries', 'back')
  await left.locator('[data-node="a"] [role="button"]').focus()
  await page.keyboard.press('ArrowRight')
  await expect(left.locator('[data-node="b"] [role="button"]')).toBeFocused()
  const before = await left.locator('[data-node="b"]').getAttribute('transform')
  await page.keyboard.press('Shift+ArrowDown')
  await expect(left.locator('[data-node="b"]')).not.toHaveAttribute('transform', before ?? '')

  // Dragging moves it in both worlds.
  const node = left.locator('[data-node="d"]')
  const from = await node.locator('.node-body').boundingBox()
  if (from === null) throw new Error('the node is not drawn')
  await page.mouse.move(from.x + 10, from.y + 10)
  await page.mouse.down()
  await page.mouse.move(from.x + 70, from.y - 20, { steps: 4 })
  await page.mouse.up()
  const moved = await node.getAttribute('transform')
  await expect(right.locator('[data-node="d"]')).toHaveAttribute('transform', moved ?? '')

  await left.locator('[data-node="b"] [role="button"]').press('Enter')
  await page.getByRole('button', { name: 'freeze' }).click()
  await page.getByRole('button', { name: 'One window ahead' }).click()
  await expect(left.locator('[data-node="b"]')).toHaveAttribute('data-doing', 'frozen')

  await page.getByText('The network as text').click()
  const text = page.locator('#lab-text')
  await expect(text).toHaveValue(/at 5000ms cut b>a\n.*heal b>a\n.*cut a>b\n.*freeze b\n$/)
  await text.fill('voters a b\nmess\nrun 5s')
  await page.getByRole('button', { name: 'Play this text' }).click()
  await expect(page.locator('#lab-errors')).toContainText('Line 2')
  await page.getByRole('button', { name: 'Undo my changes' }).click()
  await expect(text).toHaveValue(/^# X1/)
  await expect(text).not.toHaveValue(/freeze/)
})

test('[LB3] a run is shared as a link, and whoever opens it sees the same numbers', async ({
  visit,
  visitors,
}) => {
  const page = await visit('#lab=CH&left=raft-pv&seed=12')
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByLabel('Time in the run').fill('3000')
  await world(page, 'left').locator('[data-node="a"] [role="button"]').press('Enter')
  await page.getByRole('button', { name: 'crash' }).click()
  await page.getByRole('button', { name: 'Copy link to this run' }).click()
  await expect(page.getByText(/sees this very run/)).toBeVisible()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  const guest = await visitors.newPage()
  await guest.goto(link)
  for (const side of ['left', 'right'] as const) {
    expect(await shown(world(guest, side))).toEqual(await shown(world(page, side)))
  }
  await expect(guest.locator('#lab-text')).toHaveValue(/at 3000ms crash a/)
  // A tab that only looks at the lab is no node of any group.
  expect(await guest.evaluate(() => window.unanimous)).toBeUndefined()
  await guest.getByRole('link', { name: 'The group' }).click()
  await expect(guest.locator('#pill')).toContainText('Deciding')
})
