import { expect, test } from 'vitest'
import { whyNotJson } from './json.ts'

test.each<readonly [unknown, string | undefined]>([
  [{ a: [1, 'x', true, null, { b: {} }] }, undefined],
  [Object.create(null), undefined],
  [{ a: undefined }, 'state.a is undefined'],
  [{ a: [() => 0] }, 'state.a[0] is function'],
  [1n, 'state is bigint'],
  [[NaN], 'state[0] is NaN'],
  [-0, 'state is -0'],
  [{ a: new Map() }, 'state.a is a Map'],
  [new Uint8Array(1), 'state is a Uint8Array'],
  [new Array(3), 'state is a list with holes'],
  [{ [Symbol('s')]: 1 }, 'state has a symbol as a key'],
])('[SN10] what JSON cannot say is found, with its place: %o', (value, why) => {
  expect(whyNotJson(value)).toBe(why)
})

test('[SN10] a value that contains itself is found', () => {
  const loop: { self?: unknown } = {}
  loop.self = loop
  expect(whyNotJson(loop)).toContain('is nested too deeply')
})
