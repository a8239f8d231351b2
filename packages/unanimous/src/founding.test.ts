import { replicaId } from '@unanimous/core'
import { expect, test } from 'vitest'
import type { RoomView } from './founding.ts'
import { mayFound, whyJoining } from './founding.ts'

const other = replicaId('b'.repeat(32))
const room = (view: Partial<RoomView>): RoomView => ({
  policy: 'auto',
  answered: true,
  firstComer: true,
  peers: [],
  newcomers: [],
  ...view,
})

test.each([
  ['alone in an empty room', {}, true],
  ['before a server answered', { answered: false }, false],
  ['after somebody who came first', { firstComer: false, peers: [other] }, false],
  ['while a later comer has not said whether it brings a group', { peers: [other] }, false],
  ['once every later comer said that it has none', { peers: [other], newcomers: [other] }, true],
  ['asked never to', { policy: 'never' }, false],
  [
    'asked to at once, whoever is there',
    { policy: 'always', answered: false, peers: [other] },
    true,
  ],
] as const)('[RO1] a tab founds only when it is sure to be the first: %s', (_, view, expected) => {
  expect(mayFound(room(view))).toBe(expected)
})

test('[RO2] a tab without a group says in a sentence what it waits for', () => {
  expect(whyJoining(room({ answered: false }))).toContain('signaling server')
  expect(whyJoining(room({ peers: [] }))).toContain('Waiting for a member')
  expect(whyJoining(room({ peers: [other] }))).toContain('Connecting')
})
