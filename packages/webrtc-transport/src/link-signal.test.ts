import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSignal, peerSignalOf, writeSignal, type LinkSignal } from './link-signal.ts'

const seed = 20_240_504
const session = '0011223344556677'
const connection = { session, generation: 3 }
const candidate = {
  candidate: 'candidate:1 1 udp 1 127.0.0.1 9 typ host',
  sdpMLineIndex: 0,
  sdpMid: '0',
}

const to = undefined

const signals: readonly LinkSignal[] = [
  { type: 'call', session, to: undefined, after: 0 },
  { type: 'call', session, to: '7766554433221100', after: 2 },
  { type: 'channel', session, to, connection, signal: { type: 'offer', sdp: 'v=0' } },
  { type: 'channel', session, to, connection, signal: { type: 'answer', sdp: 'v=0' } },
  { type: 'channel', session, to, connection, signal: { type: 'candidate', candidate } },
]

test.each(signals)('[WI10] a signal survives being written and read: %j', (signal) => {
  expect(parseSignal(writeSignal(signal))).toEqual(signal)
})

describe('refusals', () => {
  const call = { v: 2, type: 'call', session, after: 0 }
  const offer = { v: 2, type: 'channel', session, connection, signal: { type: 'offer', sdp: 'x' } }
  test.each([
    ['no JSON', 'offer'],
    ['no object', '[]'],
    ['another layout', JSON.stringify({ ...call, v: 1 })],
    ['another type', JSON.stringify({ ...call, type: 'constructor' })],
    ['a reader that is none', JSON.stringify({ ...call, to: 'x' })],
    ['a session that is none', JSON.stringify({ ...call, session: 'x' })],
    ['a negative count', JSON.stringify({ ...call, after: -1 })],
    ['a fraction', JSON.stringify({ ...call, after: 0.5 })],
    ['generation 0', JSON.stringify({ ...offer, connection: { session, generation: 0 } })],
    ['no connection', JSON.stringify({ ...offer, connection: null })],
    [
      'a renegotiation',
      JSON.stringify({ ...offer, signal: { type: 'renegotiate', renegotiate: true } }),
    ],
    [
      'a description that is no text',
      JSON.stringify({ ...offer, signal: { type: 'offer', sdp: {} } }),
    ],
    [
      'a description too long',
      JSON.stringify({ ...offer, signal: { type: 'offer', sdp: 'x'.repeat(16 * 1024 + 1) } }),
    ],
  ])('[WI10] %s is no signal', (_name, text) => {
    expect(parseSignal(text)).toBeUndefined()
  })

  test.each([
    ['no candidate', { type: 'candidate' }],
    [
      'a candidate that is no text',
      { type: 'candidate', candidate: { ...candidate, candidate: 1 } },
    ],
    [
      'a line that is no count',
      { type: 'candidate', candidate: { ...candidate, sdpMLineIndex: 'x' } },
    ],
    ['an id that is no text', { type: 'candidate', candidate: { ...candidate, sdpMid: 7 } }],
  ])('[WI10] %s is no signal of a peer connection', (_name, value) => {
    expect(peerSignalOf(value)).toBeUndefined()
  })
})

test('[WI10] places that a candidate leaves out are read as null', () => {
  expect(peerSignalOf({ type: 'candidate', candidate: { candidate: 'x' } })).toEqual({
    type: 'candidate',
    candidate: { candidate: 'x', sdpMLineIndex: null, sdpMid: null },
  })
})

test('[WI10] any JSON is a signal or none, never an exception', () => {
  const like = fc.record(
    {
      v: fc.constant(1),
      type: fc.constantFrom('call', 'channel'),
      session: fc.constant(session),
      after: fc.anything(),
      connection: fc.oneof(fc.constant(connection), fc.anything()),
      signal: fc.oneof(
        fc.record({
          type: fc.constantFrom('offer', 'candidate'),
          sdp: fc.anything(),
          candidate: fc.anything(),
        }),
        fc.anything(),
      ),
    },
    { requiredKeys: ['v', 'type', 'session'] },
  )
  fc.assert(
    fc.property(fc.oneof(like, fc.jsonValue()), (value) => {
      const text = JSON.stringify(value, (_key, inner: unknown) =>
        typeof inner === 'bigint' ? 1 : inner,
      )
      const parsed = parseSignal(text)
      if (parsed !== undefined) expect(parseSignal(writeSignal(parsed))).toEqual(parsed)
    }),
    { seed, numRuns: 1000 },
  )
})
