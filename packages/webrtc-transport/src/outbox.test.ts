import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePacket, partBytes, type Frame } from './framing.ts'
import { meshLimits, packetBytesMax } from './limits.ts'
import { queuedMessageBytes } from './message-queue.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { createReassembly } from './reassembly.ts'

const seed = 20_240_503
const limits = meshLimits()

function nextPacket(outbox: Outbox): readonly Frame[] {
  const into = new Uint8Array(packetBytesMax)
  const length = outbox.pack(into)
  if (length === 0) return []
  const parsed = parsePacket(into.slice(0, length))
  if (!parsed.ok) throw new Error(`wrote ${parsed.why}`)
  return parsed.frames
}

function allPackets(outbox: Outbox): (readonly Frame[])[] {
  const packets: (readonly Frame[])[] = []
  for (let frames = nextPacket(outbox); frames.length > 0; frames = nextPacket(outbox)) {
    packets.push(frames)
  }
  return packets
}

/** Fast to compare. */
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** What the other end gets. */
function received(packets: readonly (readonly Frame[])[]): { priority: string; text: string }[] {
  const reassembly = createReassembly(limits)
  return packets.flat().flatMap((frame) => {
    if (frame.kind === 'whole') return [{ priority: frame.priority, text: textOf(frame.bytes) }]
    if (frame.kind !== 'part') throw new Error(`no message: ${frame.kind}`)
    const gathered = reassembly.gather(frame)
    if (!gathered.ok) throw new Error(gathered.why)
    return gathered.message === undefined
      ? []
      : [{ priority: frame.priority, text: textOf(gathered.message) }]
  })
}

const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value)
const priorityOf = (frame: Frame | undefined): string | undefined =>
  frame?.kind === 'whole' || frame?.kind === 'part' ? frame.priority : undefined

describe('packing', () => {
  test('[WI4] small messages that wait together share a packet', () => {
    const outbox = createOutbox(limits)
    for (let n = 0; n < 10; n++) outbox.push(filled(100, n), 'data')
    expect(allPackets(outbox).map((frames) => frames.length)).toEqual([10])
  })

  test('[WI4] a single small message does not wait for company', () => {
    const outbox = createOutbox(limits)
    outbox.push(filled(1, 1), 'data')
    expect(nextPacket(outbox)).toHaveLength(1)
    expect(nextPacket(outbox)).toHaveLength(0)
  })

  test('[WI4] many messages fill packets of 16 KiB', () => {
    const outbox = createOutbox(limits)
    for (let n = 0; n < 1000; n++) outbox.push(filled(97, 1), 'data')
    // 163 frames of 100 bytes fit into 16 382.
    expect(allPackets(outbox).map((frames) => frames.length)).toEqual([
      163, 163, 163, 163, 163, 163, 22,
    ])
  })

  test('[WI4] a large message goes in parts that fill their packets; its last shares', () => {
    const outbox = createOutbox(limits)
    outbox.push(filled(2 * partBytes + 10, 1), 'data')
    outbox.push(filled(5, 2), 'data')
    const packets = allPackets(outbox)
    expect(packets.map((frames) => frames.map(({ kind }) => kind))).toEqual([
      ['part'],
      ['part'],
      ['part', 'whole'],
    ])
  })

  test('[WI3] whatever is queued arrives, whole and in the order of its class', () => {
    const message = fc.record({
      priority: fc.constantFrom('control' as const, 'data' as const),
      length: fc.oneof(fc.nat(300), fc.integer({ min: 16_000, max: 40_000 })),
    })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 20 }), fc.nat(30), (messages, packedBetween) => {
        const outbox = createOutbox(limits)
        const packets: (readonly Frame[])[] = []
        messages.forEach(({ priority, length }, n) => {
          expect(outbox.push(filled(length, n), priority)).toBe(true)
          if (n % 31 === packedBetween) packets.push(nextPacket(outbox))
        })
        packets.push(...allPackets(outbox))
        const got = received(packets)
        for (const priority of ['control', 'data']) {
          const sent = messages.flatMap((m, n) =>
            m.priority === priority ? [textOf(filled(m.length, n))] : [],
          )
          const arrived = got.filter((m) => m.priority === priority).map((m) => m.text)
          expect(arrived).toEqual(sent)
        }
        expect(outbox.bytes()).toBe(0)
      }),
      { seed, numRuns: 60 },
    )
  })
})

describe('order', () => {
  test('[WI7] control leaves before data that was queued earlier', () => {
    const outbox = createOutbox(limits)
    outbox.push(filled(10, 1), 'data')
    outbox.push(filled(10, 2), 'control')
    expect(nextPacket(outbox).map(priorityOf)).toEqual(['control', 'data'])
  })

  test('[WI7] control overtakes a large data message between its parts', () => {
    const outbox = createOutbox(limits)
    outbox.push(filled(5 * partBytes, 1), 'data')
    expect(nextPacket(outbox).map(priorityOf)).toEqual(['data'])
    outbox.push(filled(10, 2), 'control')
    // The part does not fit behind it, and it does not wait.
    expect(nextPacket(outbox).map(priorityOf)).toEqual(['control'])
    expect(allPackets(outbox).flat().map(priorityOf)).toEqual(['data', 'data', 'data', 'data'])
  })
})

describe('bounds', () => {
  test('[WI8] a full queue refuses and takes again when there is room', () => {
    const outbox = createOutbox({ controlQueueBytesMax: 1000, dataQueueBytesMax: 1000 })
    const message = filled(500 - queuedMessageBytes, 1)
    expect([1, 2, 3].map(() => outbox.push(message, 'data'))).toEqual([true, true, false])
    expect(outbox.push(message, 'control')).toBe(true)
    allPackets(outbox)
    expect(outbox.push(message, 'data')).toBe(true)
  })

  test('[WI8] an empty queue takes a message larger than itself', () => {
    const outbox = createOutbox({ controlQueueBytesMax: 1000, dataQueueBytesMax: 1000 })
    expect(outbox.push(filled(50_000, 1), 'data')).toBe(true)
    expect(outbox.push(filled(0, 1), 'data')).toBe(false)
  })

  test('[WI8] empty messages fill a queue too', () => {
    const outbox = createOutbox({ controlQueueBytesMax: 1000, dataQueueBytesMax: 1000 })
    const taken = Array.from({ length: 100 }, () => outbox.push(filled(0, 1), 'data'))
    expect(taken.filter(Boolean)).toHaveLength(Math.floor(1000 / queuedMessageBytes))
  })

  test('[WI8] what is cleared is gone, the half-sent message too', () => {
    const outbox = createOutbox(limits)
    outbox.push(filled(3 * partBytes, 1), 'data')
    nextPacket(outbox)
    outbox.clear()
    expect(outbox.bytes()).toBe(0)
    outbox.push(filled(2 * partBytes, 2), 'data')
    expect(received(allPackets(outbox)).map((m) => m.text.length)).toEqual([2 * partBytes])
  })
})
