import { expect, test } from '@unanimous/playwright'
import type { Tab } from '@unanimous/playwright'

const seat = (tab: Tab, name: string) => tab.page.getByRole('listitem').filter({ hasText: name })
const click = (tab: Tab, name: string) => seat(tab, name).getByRole('button').click()

test('two people book one seat, and one of them is refused', async ({ cluster }) => {
  const [a, b] = await cluster.open(3, '/')
  await cluster.ready()
  await Promise.all([click(a, 'A1'), click(b, 'A1')])
  const words = [a, b].map((tab) => seat(tab, 'A1').locator('span'))
  for (const word of words) await expect(word).toHaveText(/sold|was taken/)
  const said = await Promise.all(words.map((word) => word.textContent()))
  expect(said.sort()).toEqual(['sold', 'was taken'])
  await expect(cluster).toAgree()
  await expect(cluster).toBeLinearizable()
})
