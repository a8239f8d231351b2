import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Part } from './framing.ts'
import { meshLimits, partBytesMin } from './limits.ts'
import { createReassembly, owned } from './reassembly.ts'

const seed = 20_240_502
const limits = meshLimits({ messageBytesMax: 64 * 1024, reassemblyBytesMax: 96 * 1024 })

/** `bytes` cut after each of `cuts`. */
function partsOf(bytes: Uint8Array, cuts: readonly number[], id = 1): Part[] {
  const edges = [0, ...cuts, bytes.length]
  return edges.slice(1).map((end, index) => ({
    kind: 'part',
    priority: 'data',
    id,
    index,
    total: edges.length - 1,
    bytes: bytes.subarray(edges[index], end),
  }))
}

const filled = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => at * 7)

function part(place: Partial<Part> & { readonly length?: number }): Part {
  const bytes = new Uint8Array(place.length ?? partBytesMin)
  return { kind: 'part', priority: 'data', id: 1, index: 0, total: 2, bytes, ...place }
}

describe('honest parts', () => {
  test('[WI3] any split into parts that the wire allows reassembles', () => {
    const sizes = fc.array(fc.integer({ min: partBytesMin, max: 4000 }), {
      minLength: 1,
      maxLength: 12,
    })
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 4000 }), (before, tail) => {
        const cuts = before.map((_, at) => before.slice(0, at + 1).reduce((a, b) => a + b, 0))
        const message = filled((cuts.at(-1) ?? 0) + tail)
        const reassembly = createReassembly(limits)
        const parts = partsOf(message, cuts)
        const gathered = parts.map((each) => reassembly.gather(each))
        expect(gathered.slice(0, -1).every((g) => g.ok && g.message === undefined)).toBe(true)
        const last = gathered.at(-1)
        if (last?.ok !== true || last.message === undefined) throw new Error('nothing came')
        expect(Buffer.compare(last.message, message)).toBe(0)
        expect(reassembly.heldBytes()).toBe(0)
      }),
      { seed, numRuns: 200 },
    )
  })

  test('[WI3] parts of two messages may come in between each other', () => {
    const reassembly = createReassembly(limits)
    const one = partsOf(filled(3000), [1500], 1)
    const two = partsOf(filled(4000).reverse(), [2000], 2)
    const order = [one[0], two[0], two[1], one[1]].flatMap((each) => each ?? [])
    const messages = order.map((each) => reassembly.gather(each))
    expect(messages.map((g) => (g.ok ? g.message?.length : g.why))).toEqual([
      undefined,
      undefined,
      4000,
      3000,
    ])
  })
})

describe('dishonest parts', () => {
  test.each([
    ['a first part that is not the first', [part({ index: 1 })], 'part-order'],
    ['a part twice', [part({}), part({})], 'part-order'],
    ['a part left out', [part({ total: 3 }), part({ total: 3, index: 2 })], 'part-order'],
    ['another total', [part({ total: 3 }), part({ total: 4, index: 1 })], 'part-order'],
    ['another class', [part({}), part({ index: 1, priority: 'control' })], 'part-order'],
    ['a small part that is not the last', [part({ length: partBytesMin - 1 })], 'part-size'],
    ['more parts than a message can have', [part({ total: 65 })], 'message-size'],
  ])('[WI5] %s is garbage', (_name, parts, why) => {
    const reassembly = createReassembly(limits)
    const gathered = parts.map((each) => reassembly.gather(each))
    expect(gathered.at(-1)).toEqual({ ok: false, why })
  })

  test('[WI6] a message over the limit is garbage as soon as it is', () => {
    const reassembly = createReassembly(limits)
    const big = { total: 5, length: 15 * 1024 }
    const gathered = [0, 1, 2, 3, 4].map((index) => reassembly.gather(part({ ...big, index })))
    expect(gathered.map((g) => g.ok)).toEqual([true, true, true, true, false])
    expect(gathered.at(-1)).toEqual({ ok: false, why: 'message-size' })
  })

  test('[WI6] more unfinished messages than allowed are garbage', () => {
    const reassembly = createReassembly(limits)
    const gathered = [1, 2, 3, 4, 5].map((id) => reassembly.gather(part({ id })))
    expect(gathered.map((g) => g.ok)).toEqual([true, true, true, true, false])
    expect(gathered.at(-1)).toEqual({ ok: false, why: 'too-many-partials' })
  })

  test('[WI6] all unfinished messages together stay within the bytes of a link', () => {
    const reassembly = createReassembly(limits)
    const place = { total: 4, length: 16 * 1024 }
    const whys = [1, 2, 3].flatMap((id) =>
      [0, 1, 2].map((index) => {
        const gathered = reassembly.gather(part({ ...place, id, index }))
        expect(reassembly.heldBytes()).toBeLessThanOrEqual(limits.reassemblyBytesMax)
        return gathered.ok ? 'kept' : gathered.why
      }),
    )
    expect(whys).toContain('reassembly-full')
  })

  test('[WI6] a peer that promises much makes nothing grow before it comes', () => {
    const reassembly = createReassembly(limits)
    reassembly.gather(part({ total: 64 }))
    expect(reassembly.heldBytes()).toBe(partBytesMin)
  })

  test('[WI2] [WI6] any parts give a message or a reason, within the limits', () => {
    const anyPart = fc.record({
      kind: fc.constant('part' as const),
      priority: fc.constantFrom('control' as const, 'data' as const),
      id: fc.nat(3),
      index: fc.nat(3),
      total: fc.integer({ min: 2, max: 5 }),
      bytes: fc.nat(20_000).map((length) => new Uint8Array(Math.max(1, length))),
    })
    fc.assert(
      fc.property(fc.array(anyPart, { maxLength: 30 }), (parts) => {
        const reassembly = createReassembly(limits)
        for (const each of parts) {
          const gathered = reassembly.gather(each)
          expect(reassembly.heldBytes()).toBeLessThanOrEqual(limits.reassemblyBytesMax)
          if (gathered.ok && gathered.message !== undefined) {
            expect(gathered.message.length).toBeLessThanOrEqual(limits.messageBytesMax)
          }
        }
      }),
      { seed, numRuns: 300 },
    )
  })
})

test('[WI11] a few bytes of a packet do not keep the packet', () => {
  const packet = filled(16_000)
  const few = owned(packet.subarray(100, 150))
  expect(few).toEqual(packet.slice(100, 150))
  expect(few.buffer.byteLength).toBe(50)
  const most = packet.subarray(0, 12_000)
  expect(owned(most)).toBe(most)
})
