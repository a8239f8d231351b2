import { expect, test } from 'vitest'
import type { Protocol } from '../scenario/protocol.ts'
import { protocols } from '../scenario/protocol.ts'
import { documentOf } from './markdown.ts'
import { pictureOf } from './plot.ts'
import type { Cell, Row } from './summary.ts'
import { aboutOf, median } from './summary.ts'

const cell = (committed: number): Cell => ({
  committed,
  answered: 50,
  stallMs: 1640,
  changes: 2,
  handovers: 0,
  hops: 1.234,
  leaders: ['a', 'c'],
  violations: 0,
})

const row = (name: string, committed: number, more: Partial<Row> = {}): Row => ({
  name,
  about: 'a network',
  share: 'committed',
  awaits: [],
  cells: new Map<Protocol, Cell>(protocols.map((protocol) => [protocol, cell(committed)])),
  ...more,
})

test('[SC9] a cell is the median of its runs', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2)
})

test('[SC9] the document shows share, stall and changes, and never rounds up to 100', () => {
  const text = documentOf(
    [row('U1', 99.97), row('CE', 1), row('L7', 100, { awaits: ['relays'] })],
    {
      seeds: 3,
      picture: './table.svg',
    },
  )
  const lines = text.split('\n')
  expect(lines.find((line) => line.startsWith('| U1'))).toContain('| 99.9 / 1.6 / 2 ')
  expect(lines.find((line) => line.startsWith('| CE'))).toContain('| dead ')
  expect(lines.find((line) => line.startsWith('| L7\\*'))).toContain('| 100 / 1.6 / 2 ')
  expect(text).toContain('- L7: relays')
  const [table = '', ways = ''] = text.split('## Ways and leaders')
  for (const part of [table, ways]) {
    const rows = part.split('\n').filter((line) => line.startsWith('|'))
    expect(new Set(rows.map(({ length }) => length)).size).toBe(1)
  }
  expect(ways).toMatch(/\| U1 +\| 1\.23 .*\| a, c /)
})

test('[SC9] the picture has a bar a cell and styles for light and dark', () => {
  const picture = pictureOf([row('U1', 100), row('CE', 0)])
  expect(picture.match(/class="bar"/g)).toHaveLength(protocols.length)
  expect(picture.match(/>dead</g)).toHaveLength(protocols.length)
  expect(picture).toContain('prefers-color-scheme: dark')
})

test.each([
  ['# U3, one dead link: five voters.\n', 'one dead link'],
  ['# HA1, two pendants (Howard and Abraham): 1, 2.\n', 'two pendants'],
  ['# E1, one voter is\n# wiped. And more.\nvoters a\n', 'one voter is wiped'],
  ['voters a\n', ''],
])('[SC9] %j is about "%s"', (text, about) => {
  expect(aboutOf(text)).toBe(about)
})
