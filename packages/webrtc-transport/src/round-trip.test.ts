import { expect, test } from 'vitest'
import { createRoundTrips } from './round-trip.ts'

test('[LK9] the first answer is the round trip, later ones move it slowly', () => {
  const trips = createRoundTrips()
  expect(trips.rttMs()).toBeUndefined()
  trips.pong(trips.ping(0), 80)
  expect(trips.rttMs()).toBe(80)
  trips.pong(trips.ping(1000), 1000)
  expect(trips.rttMs()).toBe(70)
})

test('[LK9] an answer to nothing, to the same ping twice or far too late changes nothing', () => {
  const trips = createRoundTrips()
  const first = trips.ping(0)
  trips.pong(first + 1, 10)
  expect(trips.rttMs()).toBeUndefined()
  for (let n = 0; n < 16; n++) trips.ping(n)
  trips.pong(first, 10)
  expect(trips.rttMs()).toBeUndefined()
  const last = trips.ping(100)
  trips.pong(last, 110)
  trips.pong(last, 5000)
  expect(trips.rttMs()).toBe(10)
})
