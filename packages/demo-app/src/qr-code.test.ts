import fc from 'fast-check'
import { expect, test } from 'vitest'
import { terminalQrCode } from '../cli/qr-terminal.ts'
import { pathOf } from './qr-code.ts'

/** Reads a path back into its dark cells. */
function cellsOf(path: string, size: number): boolean[][] {
  const cells = Array.from({ length: size }, () => Array.from({ length: size }, () => false))
  for (const [, x = '', y = '', width = ''] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    cells[Number(y)]?.fill(true, Number(x), Number(x) + Number(width))
  }
  return cells
}

test('the path covers the dark cells and no others', () => {
  const grids = fc.integer({ min: 1, max: 8 }).chain((size) => {
    const row = fc.array(fc.boolean(), { minLength: size, maxLength: size })
    return fc.array(row, { minLength: size, maxLength: size })
  })
  fc.assert(
    fc.property(grids, (grid) => {
      expect(cellsOf(pathOf(grid), grid.length)).toEqual(grid)
    }),
    { seed: 7 },
  )
})

test('neighbours are one piece', () => {
  expect(pathOf([[false, true, true, false]])).toBe('M1 0h2v1h-2z')
})

test('the terminal shows the whole square, dark on light', () => {
  const lines = terminalQrCode('https://192.168.1.5:4173/').trimEnd().split('\n')
  const cells = lines.map((line) => /m([ ▀▄█]+)[^m]*m$/.exec(line)?.[1] ?? '')
  const widths = new Set(cells.map(({ length }) => length))
  expect(widths.size).toBe(1)
  const [width = 0] = widths
  expect(lines).toHaveLength(Math.ceil(width / 2))
  // The light border, and the upper edge of the first corner mark.
  expect(cells[0]?.trim()).toBe('')
  expect(cells[1]).toMatch(/^ {2}█▀{5}█ /)
})
