import { expect, test } from 'vitest'
import { a, b, c } from '../testing/stores.ts'
import { beaconFrom, peerOf } from '../testing/beacons.ts'
import { incarnation, millis } from '../protocol/ids.ts'
import { isFresh, isHeard, isPresent, isReached } from './failure-detector.ts'
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
