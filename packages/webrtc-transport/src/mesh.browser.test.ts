import { expect, inject, test } from 'vitest'
import { replicaId } from '@unanimous/core'
import { createMesh } from './create-mesh.ts'

test('connects', async () => {
  const url = inject('signalingUrl')
  const make = (n: string, log: string[]) => {
    const mesh = createMesh({
      self: replicaId(n.repeat(32)),
      room: 'x',
      signal: [url],
      wireVersion: 1,
      report: (p) => console.log(n, JSON.stringify(p)),
    })
    mesh.start({
      onLink: (p, s) => log.push(`${p[0]} ${s}`),
      onMessage: (p, b) => log.push(`${p[0]} msg ${b.length}`),
    })
    mesh.open()
    return mesh
  }
  const la: string[] = [],
    lb: string[] = []
  const t0 = performance.now()
  const a = make('a', la),
    b = make('b', lb)
  while (la.length < 1 || lb.length < 1) await new Promise((r) => setTimeout(r, 5))
  console.log(
    'up after',
    performance.now() - t0,
    JSON.stringify(la),
    JSON.stringify(lb),
    JSON.stringify(a.links()),
    JSON.stringify(a.rendezvous()),
  )
  console.log(a.send(replicaId('b'.repeat(32)), new Uint8Array(1 << 20), 'data'))
  while (lb.length < 2) await new Promise((r) => setTimeout(r, 5))
  console.log('msg', performance.now() - t0, JSON.stringify(lb))
  a.closeNow()
  while (lb.length < 3) await new Promise((r) => setTimeout(r, 5))
  console.log('down', performance.now() - t0, JSON.stringify(lb))
  b.closeNow()
  expect(1).toBe(1)
})
