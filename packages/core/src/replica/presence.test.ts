import { expect, test } from 'vitest'
import { presenceBurst, presencePerSecond } from '../protocol/limits.ts'
import { createMemoryWorld } from '../testing/memory-world.ts'
import type { MemoryNode } from '../testing/memory-world.ts'
import { settled } from '../testing/manual-clock.ts'

const word = (text: string): Uint8Array => new TextEncoder().encode(text)

const seenBy = ({ events }: MemoryNode): readonly string[] =>
  events.flatMap((event) =>
    event.type === 'shown'
      ? [`${event.member.slice(0, 4)} ${new TextDecoder().decode(event.shown)}`]
      : [],
  )

async function three() {
  const world = createMemoryWorld()
  const [a, b, c] = await world.form('a', 'b', 'c')
  if (a === undefined || b === undefined || c === undefined) throw new Error('nobody')
  return { world, a, b, c }
}

test('[PS1] what a member shows reaches every other one, and neither log nor disk', async () => {
  const { a, b, c } = await three()
  const before = [a, b, c].map(({ replica }) => replica.figures().commits)
  b.replica.show(word('here'))
  await settled()
  const said = `${b.id.slice(0, 4)} here`
  expect([a, b, c].map(seenBy)).toEqual([[said], [], [said]])
  expect([a, b, c].map(({ replica }) => replica.figures().commits)).toEqual(before)
})

test('[PS1] it goes through others where a link is missing', async () => {
  const { world, a, b, c } = await three()
  world.hub.setLink(b.id, c.id, 'down')
  await world.clock.advance(2000)
  b.replica.show(word('around'))
  await settled()
  expect(seenBy(c)).toEqual([`${b.id.slice(0, 4)} around`])
  expect(seenBy(a).length).toBe(1)
})

test('[PS2] a member that shows too often is not heard for a moment, and then again', async () => {
  const { world, a, b } = await three()
  for (let each = 0; each < presenceBurst + 10; each += 1) b.replica.show(word(String(each)))
  await settled()
  expect(seenBy(a).length).toBe(presenceBurst)
  const refused = a.problems.filter(
    (problem) => problem.type === 'ignored' && problem.reason === 'tooOften',
  )
  expect(refused.length).toBe(10)
  await world.clock.advance(Math.ceil(2000 / presencePerSecond))
  b.replica.show(word('again'))
  await settled()
  expect(seenBy(a).at(-1)).toBe(`${b.id.slice(0, 4)} again`)
})

test('[PS3] of one member only the newest word counts, of its newest start', async () => {
  const { world, a, b } = await three()
  b.replica.show(word('old life'))
  await settled()
  b.replica.closeNow()
  await b.disk.close()
  const again = await world.open('b')
  await world.until(() => again.replica.status().phase === 'ready')
  again.replica.show(word('new life'))
  await settled()
  expect(seenBy(a)).toEqual(['old life', 'new life'].map((text) => `${b.id.slice(0, 4)} ${text}`))
})
