import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  beginPacket,
  byeReasons,
  linkPacket,
  parsePacket,
  partBytes,
  wholeBytesMax,
  writeLinkFrame,
  writePart,
  writeWhole,
  type Frame,
  type LinkFrame,
} from './framing.ts'
import { fromHex, toHex } from './hex.ts'
import { packetBytesMax } from './limits.ts'
import { idOf } from './testing/mesh-world.ts'

const seed = 20_240_501
const key = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'
const nonce = 'f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'

function written(...frames: readonly Frame[]): Uint8Array {
  const packet = new Uint8Array(packetBytesMax)
  let at = beginPacket(packet)
  for (const frame of frames) {
    if (frame.kind === 'whole') at = writeWhole(packet, at, frame.priority, frame.bytes)
    else if (frame.kind === 'part') at = writePart(packet, at, frame)
    else at = writeLinkFrame(packet, at, frame)
  }
  return packet.subarray(0, at)
}

const hello: LinkFrame = {
  kind: 'hello',
  wireVersion: 7,
  publicKey: fromHex(key),
  nonce: fromHex(nonce),
}

/** As in WIRE.md. */
const vectors: readonly (readonly [name: string, frames: readonly Frame[], hex: string])[] = [
  ['hello', [hello], '550201003400000007' + key + nonce],
  ['proof', [{ kind: 'proof', mac: fromHex(key) }], '5502020020' + key],
  ['ping', [{ kind: 'ping', number: 0x01020304 }], '550203000401020304'],
  ['pong', [{ kind: 'pong', number: 0xfffefdfc }], '5502040004fffefdfc'],
  ['bye', [{ kind: 'bye', reason: 'leaving' }], '550205000100'],
  ['bye, garbage', [{ kind: 'bye', reason: 'garbage' }], '550205000103'],
  [
    'a relayed signal',
    [{ kind: 'relay', ttl: 4, from: idOf('a'), to: idOf('b'), sealed: fromHex('cc') }],
    '5502060022' + '04' + idOf('a') + idOf('b') + 'cc',
  ],
  [
    'peers',
    [{ kind: 'peers', peers: [idOf('a'), idOf('b')] }],
    '5502070020' + idOf('a') + idOf('b'),
  ],
  ['a secret', [{ kind: 'secret', text: 'ab' }], '55020800026162'],
  ['bye, another secret', [{ kind: 'bye', reason: 'secret' }], '550205000107'],
  ['bye, no proof', [{ kind: 'bye', reason: 'proof' }], '550205000105'],
  [
    'two messages',
    [
      { kind: 'whole', priority: 'control', bytes: fromHex('aabb') },
      { kind: 'whole', priority: 'data', bytes: fromHex('') },
    ],
    '5502100002aabb110000',
  ],
  [
    'a part of data',
    [{ kind: 'part', priority: 'data', id: 9, index: 1, total: 3, bytes: fromHex('cc') }],
    '550213000900000009' + '00010003cc',
  ],
  [
    'a part of control',
    [{ kind: 'part', priority: 'control', id: 1, index: 0, total: 2, bytes: fromHex('cc') }],
    '550212000900000001' + '00000002cc',
  ],
]

describe('golden vectors', () => {
  test.each(vectors)('[WI1] %s is written as WIRE.md says', (_name, frames, hex) => {
    expect(toHex(written(...frames))).toBe(hex)
  })

  test.each(vectors)('[WI1] %s is read as WIRE.md says', (_name, frames, hex) => {
    expect(parsePacket(fromHex(hex))).toEqual({ ok: true, frames })
  })

  test.each(byeReasons.map((reason) => ({ reason })))('[WI1] bye says $reason', ({ reason }) => {
    const packet = linkPacket({ kind: 'bye', reason })
    expect(parsePacket(packet)).toEqual({ ok: true, frames: [{ kind: 'bye', reason }] })
  })

  test('[WI1] a bye of an unknown number still ends the link', () => {
    expect(parsePacket(fromHex('5502050001ff'))).toEqual({
      ok: true,
      frames: [{ kind: 'bye', reason: 'failed' }],
    })
  })
})

describe('refusals', () => {
  test.each([
    ['nothing', '', 'packet-size'],
    ['a head without a frame', '5502', 'packet-size'],
    ['another first byte', '5402030004' + '00000000', 'magic'],
    ['another layout', '5501030004' + '00000000', 'layout'],
    ['half a frame head', '55020300', 'truncated'],
    ['a length beyond the end', '550210ffff00', 'truncated'],
    ['a kind that is not', '5502090000', 'unknown-kind'],
    ['a relay of nothing', '5502060021' + '00'.repeat(33), 'frame-size'],
    ['half a peer', '5502070008' + '00'.repeat(8), 'frame-size'],
    ['65 peers', '5502070410' + '00'.repeat(65 * 16), 'frame-size'],
    ['a hello too short', '5502010001' + '00', 'frame-size'],
    ['a ping too long', '5502030005' + '0000000000', 'frame-size'],
    ['a proof of nothing', '5502020000', 'frame-size'],
    ['a part without bytes', '5502130008' + '0000000100000002', 'frame-size'],
    ['a part of one', '5502130009' + '0000000100000001' + 'cc', 'part-place'],
    ['a part beyond the last', '5502130009' + '0000000100020002' + 'cc', 'part-place'],
  ])('[WI2] %s is refused as such', (_name, hex, why) => {
    expect(parsePacket(fromHex(hex))).toEqual({ ok: false, why })
  })

  test('[WI2] a packet over 16 KiB is refused whatever it holds', () => {
    const packet = new Uint8Array(packetBytesMax + 1)
    writeWhole(packet, beginPacket(packet), 'data', new Uint8Array(packetBytesMax + 1 - 5))
    expect(parsePacket(packet)).toEqual({ ok: false, why: 'packet-size' })
  })

  test('[WI2] one bad frame refuses the good ones before it', () => {
    const good = written({ kind: 'ping', number: 1 })
    const bad = new Uint8Array([...good, 0x99, 0, 0])
    expect(parsePacket(bad)).toEqual({ ok: false, why: 'unknown-kind' })
  })

  test('[WI2] any bytes parse to frames or a reason, never to an exception', () => {
    const bytes = fc.uint8Array({ maxLength: 200 })
    const beginning = fc.constantFrom('', '55', '5502', '550201', '550210', '550213')
    fc.assert(
      fc.property(beginning, bytes, (start, rest) => {
        const packet = new Uint8Array([...fromHex(start), ...rest])
        const parsed = parsePacket(packet)
        if (!parsed.ok) return
        // What is accepted is exactly what its frames would be written as, but for reasons we do not know.
        const byes = parsed.frames.some((frame) => frame.kind === 'bye')
        if (!byes) expect(toHex(written(...parsed.frames))).toBe(toHex(packet))
      }),
      { seed, numRuns: 2000 },
    )
  })
})

test('[WI4] the largest whole message and a full part fill a packet to the byte', () => {
  const whole: Frame = { kind: 'whole', priority: 'data', bytes: new Uint8Array(wholeBytesMax) }
  const place = { priority: 'data', id: 1, index: 0, total: 2 } as const
  const part: Frame = { kind: 'part', ...place, bytes: new Uint8Array(partBytes) }
  expect(written(whole).length).toBe(packetBytesMax)
  expect(written(part).length).toBe(packetBytesMax)
})
