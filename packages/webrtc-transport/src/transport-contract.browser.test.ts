/** The mesh keeps the contract of the port that it implements, over real peer connections. */
import { describe, expect, inject, it } from 'vitest'
import { replicaId } from '@unanimous/core'
import { describeTransportContract, type TransportEnd } from '@unanimous/core/testing'
import { createMesh, type MeshOptions } from './create-mesh.ts'
import type { Mesh } from './mesh.ts'

let rooms = 0

function end(digit: string): TransportEnd & { readonly transport: Mesh } {
  const id = replicaId(digit.repeat(32))
  const room = `contract ${rooms}`
  const options: MeshOptions = { self: id, room, signal: [inject('signalingUrl')], wireVersion: 1 }
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
