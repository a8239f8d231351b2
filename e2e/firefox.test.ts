import { DrivenBrowser } from './fixture/driven-browser.ts'
import { expect, test } from './fixture/test.ts'

test('[FX1] a Firefox tab and two Chromium tabs agree on a thousand proposals; the Firefox is killed, returns and has lost nothing', async ({
  cluster,
}, testInfo) => {
  const profile = testInfo.outputPath('firefox')
  const [a, b] = await cluster.open(2)
  let firefox = await DrivenBrowser.firefox(profile)
  let fox = await firefox.open(cluster.address())
  await cluster.ready(3)
  const linesOf = (name: string, count: number) =>
    Array.from({ length: count }, (_, at) => `${name} proposes ${at}`)

  const outcomes = await Promise.all([
    a.write(...linesOf('a', 333)),
    b.write(...linesOf('b', 333)),
    fox.write(...linesOf('fox', 334)),
  ])
  expect(outcomes.flat().every(({ kind }) => kind === 'committed')).toBe(true)
  const agreed = await cluster.agreed()
  expect(agreed.commands).toBe(1000)
  expect(await fox.digest(agreed.end)).toEqual(agreed)

  const me = await fox.me()
  await firefox.kill()
  await a.write('while it is away')
  firefox = await DrivenBrowser.firefox(profile)
  fox = await firefox.open(cluster.address())
  const now = await cluster.agreed()
  expect(now.commands).toBe(1001)
  expect(await fox.digest(now.end)).toEqual(now)
  expect(await fox.me()).toBe(me)
  await firefox.close()
})

test('[FX2] a Firefox tab that lost its link to a Chromium tab reaches it through another; reloaded and closed, it stops nobody', async ({
  cluster,
}, testInfo) => {
  const [a, b] = await cluster.open(2)
  const firefox = await DrivenBrowser.firefox(testInfo.outputPath('firefox'))
  const fox = await firefox.open(cluster.address())
  await cluster.ready(3)

  await fox.cut(await a.me())
  const through = await Promise.all([fox.write('around'), a.write('around, too')])
  expect(through.flat().map(({ kind }) => kind)).toEqual(['committed', 'committed'])

  await fox.reload()
  const again = await fox.write('after a reload')
  expect(again.map(({ kind }) => kind)).toEqual(['committed'])

  await fox.close()
  const alone = await Promise.all([a.write('without it'), b.write('without it, too')])
  expect(alone.flat().map(({ kind }) => kind)).toEqual(['committed', 'committed'])
  await cluster.agreed()
  await firefox.close()
})
