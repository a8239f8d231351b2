import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { EndingPeer } from './peer-ending.ts'
import { ChannelClosedError, endThreaded, sendOpen, sendThreaded } from './peer-ending.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A peer of the library as far as its end goes. `during` happens while it sends. */
function setUp(state: RTCDataChannelState | undefined, during: () => void = () => undefined) {
  const done: string[] = []
  let closed = (): void => undefined
  const channel = { readyState: state ?? 'closed', close: () => done.push('channel closed') }
  const peer: EndingPeer = {
    _channel: state === undefined ? null : channel,
    send(packet: Uint8Array) {
      during()
      if (channel.readyState !== 'open') throw new Error('not open')
      done.push(`${packet.length} sent`)
    },
    destroy: () => done.push('connection closed'),
    on: (_event, listener) => (closed = listener),
  }
  return { channel, peer, done, closed: () => closed() }
}

const packet = new Uint8Array(3)

test('[NP12] where threads end channels, a packet that comes too late is lost, and nothing else', () => {
  const late = setUp('open', () => (late.channel.readyState = 'closed'))
  expect(() => sendThreaded(late.peer, packet)).not.toThrow()
  for (const state of ['closing', 'closed'] as const) {
    expect(() => sendThreaded(setUp(state).peer, packet)).not.toThrow()
  }
  const open = setUp('open')
  sendThreaded(open.peer, packet)
  expect(open.done).toEqual(['3 sent'])
})

test('[NP12] what fails for another reason is told', () => {
  const full = setUp('open', () => {
    throw new Error('full')
  })
  expect(() => sendThreaded(full.peer, packet)).toThrow('full')
  expect(() => sendThreaded(setUp('connecting').peer, packet)).toThrow(ChannelClosedError)
  expect(() => sendThreaded(setUp(undefined).peer, packet)).toThrow(ChannelClosedError)
  // In a browser nothing ends a channel between two lines.
  expect(() => sendOpen(setUp('closed').peer, packet)).toThrow(ChannelClosedError)
})

test('[NP12] an end that closes leaves the closing to the other end, and closes only if that does not', () => {
  const kept = setUp('open')
  endThreaded(kept.peer, true)
  vi.advanceTimersByTime(500)
  kept.closed()
  vi.advanceTimersByTime(60_000)
  expect(kept.done).toEqual([])
  const alone = setUp('open')
  endThreaded(alone.peer, true)
  vi.advanceTimersByTime(1000)
  expect(alone.done).toEqual(['channel closed'])
  vi.advanceTimersByTime(60_000)
  expect(alone.done).toEqual(['channel closed', 'connection closed'])
})

test('[NP12] of two ends that both wait, the one that made the offer goes first', () => {
  const [one, other] = [setUp('open'), setUp('open')]
  endThreaded(one.peer, true)
  endThreaded(other.peer, false)
  vi.advanceTimersByTime(1000)
  expect([one.done, other.done]).toEqual([['channel closed'], []])
})

test('[NP12] a connection that has no channel yet is closed at once', () => {
  const early = setUp(undefined)
  endThreaded(early.peer, false)
  expect(early.done).toEqual(['connection closed'])
})
