import { replicaId } from '@unanimous/core'
import type { LinkInfo as MeshLink } from '@unanimous/webrtc-transport'
import { expect, test } from 'vitest'
import type { RoomView } from './founding.ts'
import { mayFound, strangersAmong, whyJoining } from './founding.ts'

const other = replicaId('b'.repeat(32))
const third = replicaId('c'.repeat(32))
const room = (view: Partial<RoomView>): RoomView => ({
  policy: 'auto',
  answered: true,
  peers: [],
  earlier: [],
  newcomers: [],
  watchers: [],
  strangers: [],
  ...view,
})

test.each([
  ['alone in an empty room', {}, true],
  ['before a server answered', { answered: false }, false],
  ['after somebody who came first', { earlier: [other], peers: [other] }, false],
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

test.each([
  ['alone with it', { peers: [other], earlier: [other], strangers: [other] }, true],
  [
    'while another one is there that came first',
    { peers: [other, third], earlier: [other, third], strangers: [other] },
    false,
  ],
  [
    'behind one that only watches',
    { peers: [other], earlier: [other], newcomers: [other], watchers: [other] },
    true,
  ],
  ['while another one has not spoken', { peers: [other, third], strangers: [other] }, false],
] as const)('[RO3] who has another secret does not count for founding: %s', (_, view, expected) => {
  expect(mayFound(room(view))).toBe(expected)
})

test('[RO3] a stranger is whom we refused for its secret or its proof, and nobody else', () => {
  const link = (peer: string, refused?: MeshLink['refused']): MeshLink => ({
    ...{ peer: replicaId(peer.repeat(32)), state: 'waiting', generation: 1, attempt: 0 },
    ...{ bufferedBytes: 0, droppedFrames: 0, since: 0 },
    ...(refused === undefined ? {} : { refused }),
  })
  const links = [
    link('1'),
    link('2', { code: 'secret', by: 'us' }),
    link('3', { code: 'proof', by: 'us' }),
    link('4', { code: 'proof', by: 'peer' }),
    link('5', { code: 'wire-version', by: 'peer' }),
  ]
  expect(strangersAmong(links)).toEqual([replicaId('2'.repeat(32)), replicaId('3'.repeat(32))])
})

test('[RO2] a tab without a group says in a sentence what it waits for', () => {
  expect(whyJoining(room({ answered: false }))).toContain('signaling server')
  expect(whyJoining(room({ peers: [] }))).toContain('Waiting for a member')
  expect(whyJoining(room({ peers: [other] }))).toContain('Connecting')
})
