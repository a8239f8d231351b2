import { expect, test } from '@unanimous/playwright'
import type { Tab } from '@unanimous/playwright'

const click = (tab: Tab, seat: string) => tab.page.getByRole('button', { name: seat }).click()
const said = (tab: Tab) => tab.page.locator('#said')

test('a seat is sold once, even across a partition', async ({ cluster }) => {
  const [a, b] = await cluster.open(3, '/')
  await cluster.ready()

  await test.step('two people want the same seat at the same moment', async () => {
    await Promise.all([click(a, 'A1'), click(b, 'A1')])
    for (const tab of [a, b]) await expect(said(tab)).toHaveText(/is yours|is taken/)
    const yours = await Promise.all([a, b].map((tab) => said(tab).textContent()))
    expect(yours.filter((text) => text === 'A1 is yours.')).toHaveLength(1)
  })

  await test.step('the leader is cut off and may sell nothing', async () => {
    const cutOff = cluster.leader()
    const others = cluster.rest()
    await cluster.partition([cutOff], others)
    await click(cutOff, 'B1')
    await expect(others).toElectLeader()
    const buyer = others[0]
    if (buyer === undefined) throw new Error('three tabs were opened')
    await click(buyer, 'B1')
    await expect(said(buyer)).toHaveText('B1 is yours.')
    await expect(said(cutOff)).toHaveText('Asking for B1 …')

    await cluster.heal()
    await expect(said(cutOff)).toHaveText('B1 is taken.')
  })

  await expect(cluster).toAgree()
  await expect(cluster).toBeLinearizable()
})
