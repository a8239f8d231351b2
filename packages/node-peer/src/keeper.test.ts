import type { Index, WallMillis } from '@unanimous/core'
import { replicaId } from '@unanimous/core'
import { expect, test } from 'vitest'
import { keeper, namelyMachine } from './keeper.ts'

test('[NP11] a member without a machine keeps what is decided, and says nothing of a state', () => {
  const kept = keeper()
  const node = replicaId('ab'.repeat(16))
  const id = { author: node, incarnation: 1 as never, seq: 0 }
  const command = new Uint8Array(3)
  const decided = { ...id, index: 1 as Index, ballot: { num: 1, node }, stamp: 0 as WallMillis }
  expect(kept.apply({ ...decided, command }).kind).toBe('done')
  expect([kept.snapshot(), kept.save(), kept.state]).toEqual([undefined, undefined, undefined])
  expect(kept.whyNot({ name: 'book', args: 'A1' })?.detail).toContain('no machine')
  expect(kept.versions).toBeUndefined()
  expect(namelyMachine('seats')).toMatchObject({ name: 'seats', commands: {} })
})
