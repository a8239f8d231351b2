/** Worlds written by hand meet the danger that they are there for, and end well. */
import { expect, test } from 'vitest'
import { trials } from '../src/trials.ts'

const seeds = [1, 2, 3, 4, 5, 6, 7, 8]

test.each(trials.flatMap((trial) => seeds.map((seed) => ({ ...trial, seed }))))(
  '[NC3] trial: $name, seed $seed',
  ({ play, seed }) => {
    expect(play(seed)).toBe(true)
  },
)
