/** The mesh keeps the contract of the port that it implements, over real peer connections. */
import { describe, expect, inject, it } from 'vitest'
import { idOfKey } from '@unanimous/core'
import { describeTransportContract, keysOf, type TransportEnd } from '@unanimous/core/testing'
import { createMesh, type MeshOptions } from './create-mesh.ts'
import { groupKeyOf } from './group-key.ts'
import type { Mesh } from './mesh.ts'

let rooms = 0

function end(digit: string): TransportEnd & { readonly transport: Mesh } {
  const keys = keysOf(new Uint8Array(32).fill(Number.parseInt(digit, 16)))
  const id = idOfKey(keys.publicKey)
  const room = `contract ${rooms}`
  const groupKey = groupKeyOf('a secret', room)
  const signal = [inject('signalingUrl')]
  const options: MeshOptions = { keys, groupKey, room, signal, wireVersion: 1 }
  const transport = createMesh(options)
  transport.open()
  return { id, transport }
}

describeTransportContract({ describe, it, expect }, 'the mesh', () => {
  rooms += 1
  const ends = [end('a'), end('b')] as const
  return Promise.resolve({
    ends,
    clean: () => {
      for (const { transport } of ends) transport.closeNow()
      return Promise.resolve()
    },
  })
})
