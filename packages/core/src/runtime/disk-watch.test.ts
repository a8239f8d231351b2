import { describe, expect, it } from 'vitest'
import { millis } from '../protocol/ids.ts'
import { DiskWatch } from './disk-watch.ts'

/** Looks at these moments, each with the record that is under way then. */
const looks = (...moments: readonly (readonly [atMs: number, record?: number])[]): number[] => {
  const watch = new DiskWatch()
  return moments.map(([atMs, record]) => watch.look(record, millis(atMs)))
}

describe('the watch over a disk', () => {
  it('[RT11] adds up the time of one record', () => {
    expect(looks([0, 1], [50, 1], [1050, 1], [1100, 1])).toEqual([0, 50, 1050, 1100])
  })

  it('[RT11] begins anew with each record, and when there is none', () => {
    expect(looks([0, 1], [500, 1], [600, 2], [700, 2], [800], [900, 3])).toEqual([
      0, 500, 0, 100, 0, 0,
    ])
  })

  it('[RT11] counts of a long gap no more than a second', () => {
    expect(looks([0, 1], [3_600_000, 1], [3_600_050, 1])).toEqual([0, 1000, 1050])
  })
})
