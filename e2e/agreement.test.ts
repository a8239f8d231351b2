import { killRenderer, rendererPids } from './fixture/renderer.ts'
import { expect, measured, test } from './fixture/test.ts'

test('[UP1] three tabs agree on a thousand concurrent proposals, byte for byte', async ({
  cluster,
}) => {
  const tabs = await cluster.open(3)
  await cluster.ready()
  const lines = tabs.map(({ name }, at) =>
    Array.from({ length: at === 0 ? 334 : 333 }, (_, count) => `${name} proposes ${count}`),
  )
  const start = Date.now()
  const outcomes = await Promise.all(tabs.map((tab, at) => tab.write(...(lines[at] ?? []))))
  measured('a thousand proposals', Date.now() - start)

  const told = outcomes.flatMap((all, at) =>
    all.map((outcome, count) => ({ outcome, line: lines[at]?.[count] })),
  )
  const committed = told.flatMap(({ outcome, line }) =>
    outcome.kind === 'committed' ? [{ ...outcome, line }] : [],
  )
  expect(committed).toHaveLength(1000)

  const digest = await cluster.agreed()
  expect(digest.commands).toBe(1000)
  const [state, ...others] = await Promise.all(tabs.map((tab) => tab.state()))
  for (const other of others) expect(other).toEqual(state)

  // What each proposer was told fits the one order: its place in the list, and its index in the log.
  committed.sort((a, b) => a.index - b.index)
  expect(committed.map(({ result }) => result)).toEqual(committed.map((_, at) => at))
  expect(committed.map(({ line }) => line)).toEqual(state?.lines)
  expect(new Set(committed.map(({ index }) => index)).size).toBe(1000)
})

test('[UP2] a seat is sold once, however many tabs book it at the same moment', async ({
  cluster,
}) => {
  const tabs = await cluster.open(3)
  await cluster.ready()
  const outcomes = await Promise.all(
    tabs.map(async (tab) => (await tab.group()).evaluate((group) => group.do.book('A1').outcome)),
  )
  const winner = outcomes.findIndex(({ kind }) => kind === 'committed')
  const by = await tabs[winner]?.me()
  const lost = outcomes.filter((_, at) => at !== winner)
  for (const outcome of lost) {
    expect(outcome).toMatchObject({ kind: 'refused', code: 'TAKEN', detail: { by } })
  }
  await cluster.agreed()
  for (const tab of tabs) expect(await tab.state()).toMatchObject({ seats: { A1: by } })
})

test('[RG2] a read at any tab sees what another tab was just told', async ({ cluster }) => {
  const tabs = await cluster.open(3)
  await cluster.ready()
  for (const [at, writer] of tabs.entries()) {
    const line = `${writer.name} writes`
    await writer.write(line)
    const reader = tabs[(at + 1) % tabs.length]
    const lines = await (
      await reader?.group()
    )?.evaluate((group) => group.read(({ lines: all }) => all))
    expect(lines).toContain(line)
  }
})

test('[RG2] where no majority answers a read says so, and a local one shows what is here', async ({
  cluster,
}) => {
  const [one, two, three] = await cluster.open(3)
  await cluster.ready()
  await one.write('seen by all')
  await cluster.agreed()
  // Closed, they would leave their votes to the one that stays.
  const [first, second] = await rendererPids([two.page, three.page])
  await killRenderer(two.page, first ?? 0)
  await killRenderer(three.page, second ?? 0)
  const ends = await (
    await one.group()
  ).evaluate(async (group) => {
    const lines = (state: { readonly lines: readonly string[] }): readonly string[] => state.lines
    const refused = await group
      .read(lines, { timeoutMs: 500 })
      .catch((error: unknown) => (error instanceof Error ? error.name : undefined))
    return [refused, await group.read(lines, { consistency: 'local' })]
  })
  expect(ends).toEqual(['NotRead', ['seen by all']])
})
