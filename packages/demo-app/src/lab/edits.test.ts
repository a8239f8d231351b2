import { parseScenario } from '@unanimous/simulator'
import { expect, test } from 'vitest'
import type { Carries } from './edits.ts'
import { afterPress, carries, clauses, withClause, withLink } from './edits.ts'
import { presets } from './presets.ts'

const text = 'voters a b c\nmesh\nload 20/s from all\nrun 5s\n'

test('[LB4] pressing a link four times takes both ways away one by one and gives them back', () => {
  let now: Carries = 'both'
  let changed = text
  const ways: Carries[] = []
  for (let press = 0; press < 4; press += 1) {
    changed = withLink(changed, 1000 + press, { a: 'a', b: 'b', now })
    now = afterPress(now)
    ways.push(now)
  }
  expect(ways).toEqual(['there', 'back', 'none', 'both'])
  const parsed = parseScenario(changed)
  expect(parsed.ok && parsed.scenario.events.map(({ text: words }) => words)).toEqual([
    ...['cut b>a', 'heal b>a', 'cut a>b', 'cut a-b', 'heal a-b'],
  ])
})

test('[LB4] every clause is a line that the simulator reads', () => {
  for (const clause of clauses) {
    expect(parseScenario(withClause(text, 2500, clause, 'b'))).toMatchObject({ ok: true })
  }
})

test('[LB4] what a link carries is read from the directions that are up', () => {
  const up = [{ from: 'a', to: 'b' }]
  expect([carries(up, 'a', 'b'), carries(up, 'b', 'a'), carries(up, 'a', 'c')]).toEqual([
    ...['there', 'back', 'none'],
  ])
})

test('[LB2] every preset is a scenario with a title and a sentence', () => {
  expect(presets.slice(0, 3).map(({ name }) => name)).toEqual(['U1', 'U2', 'U3'])
  for (const { name, title, about, text: words } of presets) {
    expect(parseScenario(words), name).toMatchObject({ ok: true })
    expect(title, name).toMatch(/^\S.{3,60}$/)
    expect(about, name).toMatch(/^[A-Z0-9].*\.\)?$/)
  }
})
