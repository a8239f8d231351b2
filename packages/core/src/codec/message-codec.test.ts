import { decode as unpack, encode as pack } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Entry } from '../protocol/entry.ts'
import type { GroupId, GroupName } from '../protocol/ids.ts'
import { incarnation, index, replicaId, wallMillis } from '../protocol/ids.ts'
import {
  batchBytesMax,
  batchEntriesMax,
  commandBytesMax,
  peersMax,
  votesMax,
} from '../protocol/limits.ts'
import type { Message, Relayed } from '../protocol/message.ts'
import { anyGroupName, anyMessage, messageArbitraries } from '../testing/arbitraries.ts'
import { createEntriesCodec } from './entries-codec.ts'
import type { Decoded, MessageCodec } from './message-codec.ts'
import { createMessageCodec, messageBytesMax, wireVersion } from './message-codec.ts'

const freshCodec = (): MessageCodec => createMessageCodec(createEntriesCodec())

const node = replicaId('a'.repeat(32))
const group: GroupName = { id: 'c'.repeat(64) as GroupId, epoch: { number: 2, id: node } }
const ballot = { num: 7, node }

const encode = (message: Message): Uint8Array => freshCodec().encode(message, group)

/** The elements of a frame, one of them changed. */
function changed(message: Message, at: number, value: unknown): Uint8Array {
  const fields = unpack(encode(message)) as unknown[]
  fields[at] = value
  return pack(fields)
}

function whyNot(decoded: Decoded): string {
  return decoded.ok ? 'it was taken' : decoded.why
}

describe('messages as bytes', () => {
  it.each(Object.entries(messageArbitraries))(
    '[CO1] %s survives unchanged, with its sender’s group and epoch',
    (_, anyOfType) => {
      fc.assert(
        fc.property(anyOfType, anyGroupName, (message, sender) => {
          const decoded = freshCodec().decode(freshCodec().encode(message, sender))
          const epoch = sender?.epoch ?? { number: 0, id: '' }
          const frame = { group: sender?.id, epoch, message }
          expect(decoded).toEqual({ ok: true, frame })
        }),
        { seed: 6, numRuns: 150 },
      )
    },
  )

  it.each(['bequest', 'resolve', 'verdict'] as const)(
    '[BQ22] a %s inside a frame that others pass on is malformed',
    (type) => {
      const [will] = fc.sample(messageArbitraries[type], { seed: 6, numRuns: 1 })
      const path = ['a', 'b', 'c'].map((letter) => replicaId(letter.repeat(32)))
      const [seal, key] = [new Uint8Array(), new Uint8Array()]
      const head = { path, at: 1, incarnation: incarnation(1), number: 0, seal, key }
      const decoded = freshCodec().decode(
        encode({ type: 'relayed', ...head, message: will as Relayed['message'] }),
      )
      expect(decoded).toMatchObject({ ok: false, detail: `${type} takes no way through others` })
    },
  )

  it('[CO3] any bytes are a frame or a reason', () => {
    const codec = freshCodec()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const decoded = codec.decode(bytes)
        expect(decoded.ok || decoded.detail.length > 0).toBe(true)
      }),
      { seed: 7, numRuns: 3000 },
    )
  })

  it('[CO3] a frame with some bytes changed, cut off or added is a frame or a reason', () => {
    const codec = freshCodec()
    const anyChange = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 })
    let refused = 0
    fc.assert(
      fc.property(
        anyMessage,
        anyChange,
        fc.integer({ min: -8, max: 4 }),
        (message, changes, more) => {
          const bytes = encode(message)
          const mutated = new Uint8Array(Math.max(1, bytes.length + more))
          mutated.set(bytes.subarray(0, mutated.length))
          for (const [at, value] of changes) mutated[at % mutated.length] = value
          if (!codec.decode(mutated).ok) refused += 1
        },
      ),
      { seed: 8, numRuns: 3000 },
    )
    expect(refused).toBeGreaterThan(1000)
  })

  it('[CO4] nested lists that claim to be long cost nothing', () => {
    // 65 535 elements a list would be half a megabyte for each three bytes.
    const bytes = new Uint8Array(messageBytesMax)
    for (let at = 0; at + 3 <= bytes.length; at += 3) bytes.set([0xdc, 0xff, 0xff], at)
    expect(whyNot(freshCodec().decode(bytes))).toBe('malformed')
  })

  it('[CO5] a frame that is too large is refused unseen', () => {
    expect(whyNot(freshCodec().decode(new Uint8Array(messageBytesMax + 1)))).toBe('tooLarge')
    expect(whyNot(freshCodec().decode(new Uint8Array(messageBytesMax)))).toBe('malformed')
  })

  it('[CO5] the largest frames that are ever sent fit', () => {
    // No two neighbours share a run, and every number takes nine bytes.
    const large = Number.MAX_SAFE_INTEGER - batchEntriesMax
    const length = batchBytesMax / batchEntriesMax - 8
    const entries = Array.from({ length: batchEntriesMax }, (_, at): Entry => ({
      kind: 'command',
      ballot: { num: large, node },
      stamp: wallMillis(large),
      author: node,
      incarnation: incarnation(large - at),
      session: index(large),
      low: large,
      seq: large,
      command: new Uint8Array(length),
    }))
    const from = index(large)
    const frame = encode({ type: 'accept', ballot, from, entries, decidedEnd: from })
    expect(frame.length).toBeLessThanOrEqual(messageBytesMax)
    expect(freshCodec().decode(frame).ok).toBe(true)
    const commands = Array.from({ length: 5 }, () => new Uint8Array(commandBytesMax))
    const start = { author: node, incarnation: incarnation(1) }
    const propose = { ...start, session: index(1), low: 0, seq: 0, commands } as const
    expect(encode({ type: 'propose', ...propose }).length).toBeLessThanOrEqual(messageBytesMax)
  })

  it('[CO7] another version is told apart, whatever else has changed in it', () => {
    const future = [wireVersion + 1, { new: 'kind of header' }, null, -1.5]
    for (const frame of [future, [...future, ...Array.from({ length: 20 }, () => 0)]]) {
      const decoded = freshCodec().decode(pack(frame))
      expect(decoded).toMatchObject({
        ok: false,
        why: 'otherVersion',
        detail: `version ${wireVersion + 1}, ours is ${wireVersion}`,
      })
    }
  })

  it('[CO8] one field fewer or more refuses a frame of any kind', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const fields = unpack(encode(message)) as unknown[]
        expect(whyNot(freshCodec().decode(pack(fields.slice(0, -1))))).toBe('malformed')
        expect(whyNot(freshCodec().decode(pack([...fields, 0])))).toBe('malformed')
      }),
      { seed: 9, numRuns: 200 },
    )
  })

  it('[CO8] no field of any frame may be of another kind', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), (message, choice) => {
        const fields = unpack(encode(message)) as unknown[]
        const at = choice % fields.length
        const other = typeof fields[at] === 'number' ? 'text' : 7
        expect(whyNot(freshCodec().decode(changed(message, at, other)))).toBe('malformed')
      }),
      { seed: 10, numRuns: 400 },
    )
  })

  it.each<[string, Message, number, unknown]>([
    ['a group that is none', { type: 'join' }, 1, 'c'.repeat(63)],
    ['an epoch that is none', { type: 'join' }, 3, 'later'],
    ['a type that does not exist', { type: 'join' }, 4, 17],
    ['a ballot of nobody', { type: 'takeOver', ballot }, 6, ''],
    ['a negative number', { type: 'takeOver', ballot }, 5, -1],
    ['a fraction', { type: 'takeOver', ballot }, 5, 1.5],
    ['an unsafe number', { type: 'takeOver', ballot }, 5, 2n ** 60n],
    ['an id in capitals', { type: 'takeOver', ballot }, 6, 'A'.repeat(32)],
  ])('[CO8] %s is refused', (_, message, at, value) => {
    const fields = unpack(encode(message)) as unknown[]
    fields[at] = value
    const frame = pack(fields, { useBigInt64: typeof value === 'bigint' })
    expect(whyNot(freshCodec().decode(frame))).toBe('malformed')
  })

  it.each([
    ['votes', votesMax, 7],
    ['peers heard', peersMax, 8],
  ])('[CO6] more %s than %d are refused', (what, max) => {
    const ids = (count: number): string[] => Array.from({ length: count }, () => node)
    const [accepted, at] =
      what === 'votes'
        ? [
            encode({ type: 'accepted', ballot, votes: [], logEnd: index(0), decidedEnd: index(0) }),
            7,
          ]
        : [encodeBeacon(), 8]
    const fields = unpack(accepted) as unknown[]
    fields[at] = ids(max)
    expect(freshCodec().decode(pack(fields)).ok).toBe(true)
    fields[at] = ids(max + 1)
    expect(whyNot(freshCodec().decode(pack(fields)))).toBe('malformed')
  })

  it('[CO6] more commands in one proposal than a batch holds are refused', () => {
    const propose = (count: number): Uint8Array =>
      pack([
        wireVersion,
        '',
        0,
        '',
        11,
        node,
        1,
        1,
        0,
        0,
        Array.from({ length: count }, () => 0),
        new Uint8Array(),
      ])
    expect(freshCodec().decode(propose(batchEntriesMax)).ok).toBe(true)
    expect(whyNot(freshCodec().decode(propose(batchEntriesMax + 1)))).toBe('malformed')
  })

  it('[CO8] a proposal whose last number is unsafe is refused: who passed it on could not be read', () => {
    const propose = (seq: number): Uint8Array =>
      pack([wireVersion, '', 0, '', 11, node, 1, 1, 0, seq, [0, 0], new Uint8Array()])
    expect(freshCodec().decode(propose(Number.MAX_SAFE_INTEGER - 2)).ok).toBe(true)
    expect(whyNot(freshCodec().decode(propose(Number.MAX_SAFE_INTEGER - 1)))).toBe('malformed')
  })

  it('[CO8] a prepare that decided more than it holds is refused', () => {
    const prepare: Message = {
      type: 'prepare',
      ...{ ballot, votes: [], configIndex: index(0), accepted: ballot },
      ...{ logEnd: index(3), decidedEnd: index(4) },
    }
    expect(whyNot(freshCodec().decode(encode(prepare)))).toBe('malformed')
  })
})

function encodeBeacon(): Uint8Array {
  const [beacon] = fc.sample(messageArbitraries.beacon, { numRuns: 1, seed: 1 })
  expect(beacon).toBeDefined()
  return encode(beacon ?? { type: 'join' })
}
