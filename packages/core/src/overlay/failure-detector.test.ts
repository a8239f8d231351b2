import { expect, test } from 'vitest'
import { a, b, c } from '../testing/stores.ts'
import { beaconFrom, peerOf } from '../testing/beacons.ts'
import { incarnation, millis } from '../protocol/ids.ts'
import {
  excuse,
  forgivenMs,
  isFresh,
  isHeard,
  isPresent,
  isReached,
  noteSign,
  noteTrip,
  suspicion,
} from './failure-detector.ts'
import { isNewer } from './peers.ts'

test.each([
  { nextMs: 250, lastMs: 850, why: 'a visible tab: three periods and the margin' },
  { nextMs: 1000, lastMs: 3100, why: 'a hidden tab, by its own word' },
  { nextMs: 0, lastMs: 1000, why: 'one that said good-bye: a second' },
])('[FD1] a silent peer counts as heard until $lastMs ms: $why', ({ nextMs, lastMs }) => {
  const peer = peerOf(b, { nextMs })
  expect(isHeard(peer, millis(lastMs))).toBe(true)
  expect(isHeard(peer, millis(lastMs + 1))).toBe(false)
})

test('[FD1] any frame of the peer counts, not only beacons', () => {
  expect(isHeard(peerOf(b, {}, { directAt: millis(5000) }), millis(5800))).toBe(true)
})

test('[FD1] what others tell of a peer shows that it is there, not that we hear it', () => {
  const told = peerOf(b, {}, { lastAt: millis(5000) })
  expect(isPresent(told, millis(5800))).toBe(true)
  expect(isHeard(told, millis(5800))).toBe(false)
})

test('[FD2] without a link, or before its first beacon, nobody is heard', () => {
  expect(isHeard(peerOf(b, {}, { linked: false }), millis(0))).toBe(false)
  expect(isHeard(peerOf(b, {}, { heard: false }), millis(0))).toBe(false)
})

test('[FD3] a peer is reached while a way leads there and back, and it is there', () => {
  const reached = { via: [c], reached: true }
  expect(isReached(peerOf(b, { heard: [a] }, reached), millis(850))).toBe(true)
  expect(isReached(peerOf(b, { heard: [a] }, reached), millis(851))).toBe(false)
  expect(isReached(peerOf(b, { heard: [c] }, { ...reached, reached: false }), millis(0))).toBe(
    false,
  )
})

test.each([
  { nextMs: 250, lastMs: 350 },
  { nextMs: 1000, lastMs: 1100 },
])('[FD4] a peer is fresh until its next beacon is overdue: $lastMs ms', ({ nextMs, lastMs }) => {
  expect(isFresh(peerOf(b, { nextMs }), millis(lastMs))).toBe(true)
  expect(isFresh(peerOf(b, { nextMs }), millis(lastMs + 1))).toBe(false)
})

test.each([
  { start: 2, seq: 1, newer: true, why: 'a later start' },
  { start: 1, seq: 6, newer: true, why: 'a later beacon' },
  { start: 1, seq: 5, newer: false, why: 'the same beacon again' },
  { start: 1, seq: 4, newer: false, why: 'an older beacon' },
])('[FD5] what is known is replaced by $why: $newer', ({ start, seq, newer }) => {
  const known = beaconFrom(b, { seq: 5 })
  expect(isNewer(beaconFrom(b, { incarnation: incarnation(start), seq }), known)).toBe(newer)
})

/** Moments at which frames of a tab arrived, in milliseconds from the first, as recorded from tabs that beacon each 250 ms. */
const recorded = {
  visible: [0, 251, 499, 752, 1001, 1250, 1502, 1749, 2001, 2251, 2500, 2752, 3001, 3250],
  busy: [0, 264, 610, 845, 1290, 1522, 1930, 2190, 2405, 2911, 3160, 3401, 3880, 4102],
  // The browser aligned its timers to whole seconds, and it had not said so.
  throttled: [0, 1003, 2001, 3000, 4004, 5001, 6002, 7000, 8003, 9001, 10_002],
  choking: [0, 3040, 6102, 8900, 12_008, 15_100, 18_013],
}

function watched(arrivals: readonly number[], nextMs = 250) {
  const peer = peerOf(b, { nextMs })
  for (const at of arrivals) noteSign(peer, millis(at), true)
  return peer
}

test.each([
  { trace: 'visible', from: 100, to: 100 },
  { trace: 'busy', from: 250, to: 600 },
] as const)(
  '[FD6] by its own record, a $trace tab is forgiven $from to $to ms',
  ({ trace, from, to }) => {
    const forgiven = forgivenMs(watched(recorded[trace]))
    expect(forgiven).toBeGreaterThanOrEqual(from)
    expect(forgiven).toBeLessThanOrEqual(to)
  },
)

test('[FD6] no record makes more than two seconds of it', () => {
  const peer = peerOf(b, { nextMs: 1000 })
  for (const at of recorded.choking) noteSign(peer, millis(at), true)
  expect(forgivenMs(peer)).toBe(2000)
})

test('[FD6] a sign that comes earlier than announced is not late', () => {
  expect(forgivenMs(watched([0, 10, 20, 30, 40, 250, 251]))).toBe(100)
})

test('[FD7] how long a peer was down does not count as lateness', () => {
  // A second is more than three periods and a margin: each sign comes from somebody who was given up.
  expect(forgivenMs(watched(recorded.throttled))).toBe(100)
  expect(forgivenMs(watched(recorded.throttled, 1000))).toBe(100)
})

test.each([
  { tripMs: undefined, deadline: 150 },
  { tripMs: 20, deadline: 150 },
  { tripMs: 60, deadline: 240 },
])(
  '[FD8] a suspect with a round trip of $tripMs ms is down after $deadline ms without a sign',
  ({ tripMs, deadline }) => {
    const peer = peerOf(b, { heard: [a] }, { tripMs })
    peer.question = suspicion(peer, 1, millis(0))
    for (const judge of [isHeard, isPresent, isReached, isFresh]) {
      expect(judge(peer, millis(deadline))).toBe(true)
      expect(judge(peer, millis(deadline + 1))).toBe(false)
    }
  },
)

test('[FD8] any sign clears a suspect, and a sign by others only of being down', () => {
  const peer = peerOf(b, { heard: [a] })
  peer.question = suspicion(peer, 1, millis(0))
  noteSign(peer, millis(50), false)
  expect(isPresent(peer, millis(200))).toBe(true)
  expect(isHeard(peer, millis(200))).toBe(false)
  noteSign(peer, millis(210), true)
  expect(isHeard(peer, millis(220))).toBe(true)
})

test('[FD9] an answer measures the way there and back, and only that of the question', () => {
  const peer = peerOf(b)
  peer.question = { id: 4, askedAt: millis(0), deadline: undefined }
  noteTrip(peer, 3, millis(10))
  expect(peer.tripMs).toBeUndefined()
  noteTrip(peer, 4, millis(20))
  expect(peer.tripMs).toBe(20)
  peer.question = { id: 5, askedAt: millis(100), deadline: undefined }
  noteTrip(peer, 5, millis(140))
  expect(peer.tripMs).toBe(25)
})

test('[FD10] what we slept is nobody’s lateness', () => {
  const peer = peerOf(b)
  noteSign(peer, millis(250), true)
  expect(isHeard(peer, millis(60_300))).toBe(false)
  excuse(peer, 60_000, millis(60_300))
  expect(isHeard(peer, millis(60_300))).toBe(true)
  expect(peer.lastAt).toBe(60_250)
  excuse(peer, 60_000, millis(60_300))
  expect(peer.lastAt).toBe(60_300)
})

test('[FD10] who doubts itself forgives all more', () => {
  const peer = peerOf(b, {}, { patience: 3 })
  expect(isHeard(peer, millis(2550))).toBe(true)
  expect(isHeard(peer, millis(2551))).toBe(false)
})
