import { expect, test } from 'vitest'
import { createMesh, type MeshOptions } from './create-mesh.ts'
import { keysOf } from '@unanimous/core/testing'
import { groupKeyOf } from './group-key.ts'

const options: MeshOptions = {
  keys: keysOf(new Uint8Array(32).fill(1)),
  groupKey: groupKeyOf('a secret', 'room'),
  room: 'room',
  signal: ['ws://127.0.0.1:1'],
  wireVersion: 1,
  openSocket: () => {
    throw new Error('dialled')
  },
}

test.each<readonly [string, Partial<MeshOptions>]>([
  ['a key of another length', { groupKey: new Uint8Array(31) }],
  ['no room', { room: '' }],
  ['a room with a line end', { room: 'a\nb' }],
  ['no server', { signal: [] }],
  ['a version that does not fit 32 bits', { wireVersion: 2 ** 32 }],
  ['a version that is no integer', { wireVersion: 1.5 }],
  ['limits that cannot work', { limits: { linksMax: 0 } }],
])('[LK21] %s is refused when the mesh is made', (_name, wrong) => {
  expect(() => createMesh({ ...options, ...wrong })).toThrow(
    expect.objectContaining({ code: 'mesh-options' }),
  )
})

test('[LK21] making a mesh dials nobody', () => {
  const mesh = createMesh(options)
  expect(mesh.rendezvous()).toEqual({
    state: 'connecting',
    peers: [],
    earlier: [],
    answered: false,
  })
  mesh.closeNow()
})

test('[LK17] a url to which no socket can be is given up and said, once', () => {
  const problems: unknown[] = []
  const mesh = createMesh({ ...options, report: (problem) => problems.push(problem) })
  mesh.open()
  mesh.open()
  expect(problems).toEqual([
    expect.objectContaining({ type: 'signaling', why: 'given-up', url: 'ws://127.0.0.1:1' }),
  ])
  expect(mesh.rendezvous()).toMatchObject({ state: 'offline', lastError: { why: 'given-up' } })
  mesh.closeNow()
})
