import { expect, test } from 'vitest'
import { parts, readRequest } from './command-line.ts'

test('without words everything is measured in full', () => {
  expect(readRequest([])).toEqual({
    kind: 'run',
    options: { json: false, quick: false, only: parts, profile: undefined },
  })
})

test('parts run in one order, whatever the order of their names', () => {
  expect(readRequest(['--only', 'memory,latency', '--json', '--quick'])).toMatchObject({
    kind: 'run',
    options: { json: true, quick: true, only: ['latency', 'memory'] },
  })
})

test('the dashes that pnpm hands on mean nothing', () => {
  expect(readRequest(['--', '--quick'])).toMatchObject({ options: { quick: true } })
})

test('a part or a flag that does not exist is named', () => {
  expect(readRequest(['--only', 'latency,speed'])).toMatchObject({
    kind: 'wrong',
    message: expect.stringContaining('"speed"') as string,
  })
  expect(readRequest(['--fast'])).toMatchObject({
    kind: 'wrong',
    message: expect.stringContaining('--fast') as string,
  })
  expect(readRequest(['latency'])).toMatchObject({ kind: 'wrong' })
})

test('help wins', () => {
  expect(readRequest(['--quick', '--help'])).toEqual({ kind: 'help' })
})
