import { replicaId } from '@unanimous/core'
import { expect, test } from 'vitest'
import { BadOption } from './errors.ts'
import type { Faults } from './faults.ts'
import { createFaults, createMeshFaults } from './tab-faults.ts'

const peer = replicaId('ab'.repeat(16))

function faultsAt(now: () => number = () => 0): Faults {
  return createFaults(createMeshFaults(), { now, wipe: () => undefined })
}

test('[FA7] what is asked for is listed, and healed', () => {
  const faults = faultsAt()
  faults.cut(peer, { direction: 'out' })
  faults.delay({ ms: [5, 10] })
  faults.drop({ peer, share: 0.5 })
  faults.duplicate({ share: 1, direction: 'in' })
  faults.reorder({ share: 0.1 })
  faults.stopSignaling()
  expect(faults.list()).toEqual([
    { type: 'cut', peer, direction: 'out' },
    { type: 'drop', peer, direction: 'both', share: 0.5 },
    { type: 'delay', peer: undefined, direction: 'both', ms: [5, 10] },
    { type: 'duplicate', peer: undefined, direction: 'in', share: 1 },
    { type: 'reorder', peer: undefined, direction: 'both', share: 0.1 },
    { type: 'signaling-stopped' },
  ])
  faults.heal()
  faults.startSignaling()
  expect(faults.list()).toEqual([])
})

test('[FA8] a stall ends when its time has passed, and not before', () => {
  let now = 0
  faultsAt(() => (now += 1)).stall(1000)
  expect(now).toBeGreaterThanOrEqual(1000)
})

test('[FA10] a store is wiped where there is one', async () => {
  let wiped = 0
  const wipe = (): Promise<void> => Promise.resolve(void (wiped += 1))
  await createFaults(createMeshFaults(), { now: () => 0, wipe }).wipe()
  expect(wiped).toBe(1)
  await expect(faultsAt().wipe()).rejects.toBeInstanceOf(BadOption)
})

test('[FA9] what cannot be is refused with its name and changes nothing', () => {
  const faults = faultsAt()
  const wrong: readonly (() => void)[] = [
    () => faults.cut('nobody' as typeof peer),
    () => faults.cut(peer, { direction: 'sideways' as 'in' }),
    () => faults.heal('nobody' as typeof peer),
    () => faults.breakLink('nobody' as typeof peer),
    () => faults.delay({ ms: [10, 5] }),
    () => faults.delay({ ms: [0, Number.NaN] }),
    () => faults.drop({ share: 1.5 }),
    () => faults.duplicate({ share: -1 }),
    () => faults.reorder({ share: Number.NaN }),
    () => faults.stall(Infinity),
  ]
  for (const ask of wrong) expect(ask).toThrow(BadOption)
  expect(faults.list()).toEqual([])
})
