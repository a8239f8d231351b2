import { expect, test } from 'vitest'
import { createChannelWriter } from './channel-writer.ts'
import { parsePacket, wholeBytesMax } from './framing.ts'
import { meshLimits } from './limits.ts'
import type { LinkChannel } from './link-channel.ts'
import { createOutbox } from './outbox.ts'
import { settled } from './testing/manual-timers.ts'

const limits = meshLimits({
  windowLowBytes: 20_000,
  windowHighBytes: 50_000,
  channelBytesMax: 60_000,
})

/** A channel that keeps what it gets. */
function setUp() {
  const packets: Uint8Array[] = []
  const channel = { buffered: 0, throws: false }
  const port: LinkChannel = {
    signal: () => undefined,
    send(packet) {
      if (channel.throws) throw new Error('full')
      packets.push(packet.slice())
      channel.buffered += packet.length
    },
    bufferedBytes: () => channel.buffered,
    route: () => Promise.resolve(undefined),
    close: () => undefined,
  }
  const failures: string[] = []
  const outbox = createOutbox(limits)
  const writer = createChannelWriter(port, outbox, limits, (detail) => failures.push(detail))
  function queue(length: number, priority: 'control' | 'data' = 'data'): void {
    outbox.push(new Uint8Array(length), priority)
    writer.queued()
  }
  const kindsOf = (): string[][] =>
    packets.map((packet) => {
      const parsed = parsePacket(packet)
      return parsed.ok ? parsed.frames.map(({ kind }) => kind) : [parsed.why]
    })
  return { packets, channel, failures, outbox, writer, queue, kindsOf }
}

test('[WI4] what is queued in one turn leaves together at the end of it', async () => {
  const { queue, packets, kindsOf } = setUp()
  for (let n = 0; n < 3; n++) queue(100)
  expect(packets).toHaveLength(0)
  await settled()
  expect(kindsOf()).toEqual([['whole', 'whole', 'whole']])
})

test('[WI9] the window shuts at its high mark and opens at its low one', async () => {
  const { queue, channel, packets, writer } = setUp()
  for (let n = 0; n < 10; n++) queue(16_000)
  await settled()
  expect(packets).toHaveLength(4)
  channel.buffered = 20_001
  writer.drained()
  expect(packets).toHaveLength(4)
  channel.buffered = 20_000
  writer.drained()
  expect(packets).toHaveLength(6)
})

test('[WI4] small messages that wait for the window are packed together', async () => {
  const { queue, channel, kindsOf, writer } = setUp()
  channel.buffered = 50_000
  for (let n = 0; n < 5; n++) {
    queue(100)
    await settled()
  }
  expect(kindsOf()).toEqual([])
  channel.buffered = 0
  writer.drained()
  expect(kindsOf()).toEqual([Array.from({ length: 5 }, () => 'whole')])
})

test('[WI7] frames of the link pass a shut window, but not a channel that is full', () => {
  const { channel, kindsOf, writer } = setUp()
  channel.buffered = 59_999
  writer.frame({ kind: 'ping', number: 1 })
  channel.buffered = 60_000
  writer.frame({ kind: 'ping', number: 2 })
  expect(kindsOf()).toEqual([['ping']])
})

test('[WI9] a channel that throws is reported once, later, and touched no more', async () => {
  const { queue, channel, failures, packets, writer } = setUp()
  channel.throws = true
  queue(10)
  await settled()
  channel.throws = false
  queue(10)
  writer.frame({ kind: 'ping', number: 1 })
  writer.drained()
  await settled()
  expect(failures).toEqual(['Error: full'])
  expect(packets).toHaveLength(0)
  expect(writer.bufferedBytes()).toBe(0)
})

test('[WI9] a failure of a frame is not told from within the call', async () => {
  const { channel, failures, writer } = setUp()
  channel.throws = true
  writer.frame({ kind: 'ping', number: 1 })
  expect(failures).toEqual([])
  await settled()
  expect(failures).toHaveLength(1)
})

test('[LK15] `finish` hands over what fits the window, and says good-bye with the last of it', () => {
  const { queue, channel, kindsOf, writer } = setUp()
  queue(10)
  queue(5, 'control')
  writer.finish({ kind: 'bye', reason: 'leaving' })
  expect(kindsOf()).toEqual([['whole', 'whole', 'bye']])
  queue(16_000)
  queue(wholeBytesMax)
  writer.finish({ kind: 'bye', reason: 'leaving' })
  expect(kindsOf().slice(1, 4)).toEqual([['whole'], ['whole'], ['bye']])
  channel.buffered = 50_000
  queue(10)
  writer.finish({ kind: 'bye', reason: 'leaving' })
  expect(kindsOf().at(-1)).toEqual(['bye'])
})

test('[LK15] `finish` repeats its good-bye for each burst that the channel holds', () => {
  const { queue, channel, kindsOf, writer } = setUp()
  for (const [length, repeats] of [
    [4000, 0],
    [5000, 1],
    [9000, 2],
  ] as const) {
    channel.buffered = 0
    const before = kindsOf().length
    queue(length)
    writer.finish({ kind: 'bye', reason: 'leaving' })
    const repeated = Array.from({ length: repeats }, () => ['bye'])
    expect(kindsOf().slice(before)).toEqual([['whole', 'bye'], ...repeated])
  }
})

test('[WI9] a writer that was stopped sends nothing that was queued before', async () => {
  const { queue, packets, writer } = setUp()
  queue(10)
  writer.stop()
  await settled()
  expect(packets).toHaveLength(0)
})
