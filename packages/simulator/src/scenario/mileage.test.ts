import type { ReplicaId } from '@unanimous/core/internal'
import { expect, test } from 'vitest'
import type { Passing } from './film.ts'
import { Mileage } from './mileage.ts'

const frame = (kind: string, isOnward = false): Passing => ({
  ...{ from: 'a' as ReplicaId, to: 'b' as ReplicaId, kind, isOnward },
  ...{ delayMs: 10, isLost: false },
})

test('[SC12] a message that is passed on once takes two links; beacons go to nobody in particular', () => {
  const mileage = new Mileage()
  expect(mileage.hops).toBe(1)
  mileage.count(frame('accept'))
  mileage.count(frame('beacon'))
  mileage.count(frame('gossip'))
  expect(mileage.hops).toBe(1)
  mileage.count(frame('relayed'))
  mileage.count(frame('relayed', true))
  expect(mileage.hops).toBe(1.5)
})
