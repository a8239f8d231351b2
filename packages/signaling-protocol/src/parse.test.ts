import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeClientMessage, encodeServerMessage, signalDataFits, utf8Bytes } from './encode.ts'
import { errorSentences } from './error-codes.ts'
import type { ErrorCode } from './error-codes.ts'
import {
  clientTextBytesMax,
  errorMessageLengthMax,
  peersListedMax,
  reconnectAfterMsMax,
  roomNameLengthMax,
  serverTextBytesMax,
  signalDataBytesMax,
} from './limits.ts'
import { closingReasons, leaveReasons } from './message.ts'
import type { ClientMessage, ServerMessage } from './message.ts'
import { isRoomName, peerId, roomName } from './names.ts'
import type { PeerId } from './names.ts'
import { parseClientMessage, parseServerMessage } from './parse.ts'

const seed = 20_240_611
const ada = peerId('a'.repeat(32))
const bob = peerId('b'.repeat(32))

const peers: fc.Arbitrary<PeerId> = fc
  .string({
    unit: fc.constantFrom('0', '1', '2', '9', 'a', 'b', 'f'),
    minLength: 32,
    maxLength: 32,
  })
  .map(peerId)
const rooms = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter(isRoomName)
  .map(roomName)
const anyData = fc
  .oneof(fc.string({ unit: 'binary' }), fc.json(), fc.string())
  .filter((data) => data.length > 0)

const clientMessages: fc.Arbitrary<ClientMessage> = fc.oneof(
  fc.record({
    type: fc.constant('join' as const),
    v: fc.constant(1 as const),
    room: rooms,
    peer: peers,
  }),
  fc.constant<ClientMessage>({ type: 'leave' }),
  fc.record({ type: fc.constant('signal' as const), to: peers, data: anyData }),
  fc.constant<ClientMessage>({ type: 'ping' }),
)

const errorCodes = Object.keys(errorSentences) as ErrorCode[]
const serverMessages: fc.Arbitrary<ServerMessage> = fc.oneof(
  fc.record({
    type: fc.constant('joined' as const),
    v: fc.constant(1 as const),
    peers: fc.uniqueArray(peers, { maxLength: 64 }),
  }),
  fc.record({ type: fc.constant('peer-joined' as const), peer: peers }),
  fc.record({
    type: fc.constant('peer-left' as const),
    peer: peers,
    why: fc.constantFrom(...leaveReasons),
  }),
  fc.record({ type: fc.constant('signal' as const), from: peers, data: anyData }),
  fc.constant<ServerMessage>({ type: 'pong' }),
  fc.record(
    {
      type: fc.constant('error' as const),
      code: fc.constantFrom(...errorCodes),
      message: fc.string({ maxLength: errorMessageLengthMax }),
      peer: peers,
    },
    { requiredKeys: ['type', 'code', 'message'], noNullPrototype: true },
  ),
  fc.record({
    type: fc.constant('closing' as const),
    why: fc.constantFrom(...closingReasons),
    reconnectAfterMs: fc.nat({ max: reconnectAfterMsMax }),
  }),
)

const samples: readonly string[] = [
  encodeClientMessage({ type: 'join', v: 1, room: roomName('cinema-7'), peer: ada }),
  encodeClientMessage({ type: 'signal', to: bob, data: '{"sdp":"v=0"}' }),
  encodeServerMessage({ type: 'joined', v: 1, peers: [ada, bob] }),
  encodeServerMessage({ type: 'error', code: 'no-such-peer', message: 'x', peer: bob }),
]

/** A good message with a few characters cut, doubled or swapped for others. */
const mutants = fc
  .tuple(
    fc.constantFrom(...samples),
    fc.array(fc.tuple(fc.nat(), fc.string({ maxLength: 3 })), { maxLength: 6 }),
  )
  .map(([text, edits]) =>
    edits.reduce((edited, [at, put]) => {
      const index = at % (edited.length + 1)
      return edited.slice(0, index) + put + edited.slice(index + (at % 3))
    }, text),
  )

function clientFailure(text: string): string {
  const parsed = parseClientMessage(text)
  return parsed.ok ? 'parsed' : parsed.code
}

function serverFailure(text: string): string {
  const parsed = parseServerMessage(text)
  return parsed.ok ? 'parsed' : parsed.code
}

describe('hostile text', () => {
  test('[SG1] any string parses to a message or to a reason at both ends', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.json(),
      mutants,
      fc.object().map((value) => JSON.stringify(value)),
    )
    fc.assert(
      fc.property(anyText, (text) => {
        for (const parsed of [parseClientMessage(text), parseServerMessage(text)]) {
          if (parsed.ok) {
            expect(typeof parsed.message.type).toBe('string')
          } else {
            expect(parsed.why).not.toBe('')
          }
        }
      }),
      { seed, numRuns: 3000 },
    )
  })

  test('[SG1] a parsed text is the message it says: encoding it again gives the same message', () => {
    fc.assert(
      fc.property(mutants, (text) => {
        const client = parseClientMessage(text)
        if (client.ok) expect(client.message).toEqual(JSON.parse(text))
        const server = parseServerMessage(text)
        if (server.ok) expect(server.message).toEqual(JSON.parse(text))
      }),
      { seed, numRuns: 2000 },
    )
  })

  test.each([
    ['nesting to the limit', '['.repeat(clientTextBytesMax), 'bad-json'],
    ['closed nesting', '['.repeat(16_000) + ']'.repeat(16_000), 'bad-message'],
    ['nested objects', '{"type":'.repeat(3000) + '1' + '}'.repeat(3000), 'bad-message'],
    ['a prototype as a key', '{"type":"leave","__proto__":{"type":"ping"}}', 'bad-message'],
    ['a type from the prototype', '{"__proto__":{"type":"leave"}}', 'bad-message'],
    ['a type that every object has', '{"type":"constructor"}', 'bad-message'],
    ['a type that is a map method', '{"type":"__proto__"}', 'bad-message'],
    [
      'a number too large',
      `{"type":"join","v":1e999,"room":"r","peer":"${ada}"}`,
      'unsupported-version',
    ],
    ['an array', '[{"type":"leave"}]', 'bad-message'],
    ['null', 'null', 'bad-message'],
    ['nothing', '', 'bad-json'],
    ['two messages', '{"type":"leave"}{"type":"ping"}', 'bad-json'],
    ['a type that is an array', '{"type":["leave"]}', 'bad-message'],
  ])('[SG1] %s is harmless', (_, text, code) => {
    expect(clientFailure(text)).toBe(code)
    expect(Object.hasOwn(Object.prototype, 'type')).toBe(false)
  })

  test('[SG1] no reason repeats what was received', () => {
    const marker = 'zebra'
    for (const text of [
      marker,
      `{"type":"${marker}"}`,
      `{"type":"leave","${marker}":1}`,
      `{"type":"join","v":1,"room":1,"peer":"${marker}"}`,
    ]) {
      const parsed = parseClientMessage(text)
      expect(parsed.ok).toBe(false)
      expect(JSON.stringify(parsed)).not.toContain(marker)
    }
  })
})

describe('round trips', () => {
  test('[SG2] every client message survives encoding and parsing', () => {
    fc.assert(
      fc.property(clientMessages, (message) => {
        expect(parseClientMessage(encodeClientMessage(message))).toEqual({ ok: true, message })
      }),
      { seed, numRuns: 1000 },
    )
  })

  test('[SG2] every server message survives encoding and parsing', () => {
    fc.assert(
      fc.property(serverMessages, (message) => {
        expect(parseServerMessage(encodeServerMessage(message))).toEqual({ ok: true, message })
      }),
      { seed, numRuns: 1000 },
    )
  })

  test('[SG2] the texts of the wire are these', () => {
    expect(samples).toMatchInlineSnapshot(`
      [
        "{"type":"join","v":1,"room":"cinema-7","peer":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}",
        "{"type":"signal","to":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","data":"{\\"sdp\\":\\"v=0\\"}"}",
        "{"type":"joined","v":1,"peers":["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"]}",
        "{"type":"error","code":"no-such-peer","message":"x","peer":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}",
      ]
    `)
  })
})

describe('exact keys', () => {
  test('[SG3] a key that is missing, or one too many, refuses any message', () => {
    const check = (
      message: ClientMessage | ServerMessage,
      parses: (text: string) => string,
    ): void => {
      expect(parses(JSON.stringify({ ...message, extra: 1 }))).toBe('bad-message')
      for (const key of Object.keys(message)) {
        const { [key]: dropped, ...rest } = { ...message } as Record<string, unknown>
        expect(dropped).toBeDefined()
        if (message.type === 'error' && key === 'peer') continue // the one optional key
        expect(parses(JSON.stringify(rest))).toBe('bad-message')
      }
    }
    fc.assert(
      fc.property(clientMessages, serverMessages, (client, server) => {
        check(client, clientFailure)
        check(server, serverFailure)
      }),
      { seed, numRuns: 300 },
    )
  })

  test('[SG3] a value of the wrong type refuses any message', () => {
    const wrong = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.object())
    fc.assert(
      fc.property(clientMessages, serverMessages, wrong, (client, server, value) => {
        for (const key of Object.keys(client)) {
          if (key === 'v') continue // another number is another version, which has its own test
          expect(clientFailure(JSON.stringify({ ...client, [key]: value }))).not.toBe('parsed')
        }
        for (const key of Object.keys(server)) {
          if (key === 'v' || key === 'reconnectAfterMs') continue
          expect(serverFailure(JSON.stringify({ ...server, [key]: value }))).not.toBe('parsed')
        }
      }),
      { seed, numRuns: 300 },
    )
  })

  test.each([-1, 1.5, reconnectAfterMsMax + 1, 1e300, '5', null])(
    '[SG3] closing with reconnectAfterMs %s is refused',
    (reconnectAfterMs) => {
      const text = JSON.stringify({ type: 'closing', why: 'restart', reconnectAfterMs })
      expect(serverFailure(text)).toBe('bad-message')
    },
  )

  test('[SG3] joined lists each peer once and no more than the bound', () => {
    const listing = (ids: readonly string[]): string =>
      JSON.stringify({ type: 'joined', v: 1, peers: ids })
    const many = Array.from({ length: peersListedMax }, (_, i) => i.toString(16).padStart(32, '0'))
    expect(serverFailure(listing(many))).toBe('parsed')
    expect(serverFailure(listing([...many, ada]))).toBe('bad-message')
    expect(serverFailure(listing([ada, bob, ada]))).toBe('bad-message')
  })
})

describe('names', () => {
  const joinAs = (peer: unknown, room: unknown = 'r'): string =>
    clientFailure(JSON.stringify({ type: 'join', v: 1, room, peer }))

  test.each([
    ['31 digits', 'a'.repeat(31)],
    ['33 digits', 'a'.repeat(33)],
    ['capitals', 'A'.repeat(32)],
    ['a letter that is no digit', 'g'.repeat(32)],
    ['a line end after the digits', `${'a'.repeat(32)}\n`],
    ['a number', 1e31],
  ])('[SG4] a peer id with %s is refused', (_, peer) => {
    expect(joinAs(ada)).toBe('parsed')
    expect(joinAs(peer)).toBe('bad-message')
    expect(() => peerId(String(peer))).toThrow(expect.objectContaining({ code: 'bad-peer-id' }))
  })

  test.each([
    ['nothing', ''],
    ['129 characters', 'x'.repeat(roomNameLengthMax + 1)],
    ['a line end', 'a\nb'],
    ['a null character', 'a\0'],
    ['a C1 control', 'a\u0085'],
    ['a line separator', 'a\u2028b'],
    ['half a surrogate pair', 'a\ud800'],
  ])('[SG4] a room name with %s is refused', (_, room) => {
    expect(joinAs(ada, room)).toBe('bad-message')
    expect(() => roomName(room)).toThrow(expect.objectContaining({ code: 'bad-room-name' }))
  })

  test.each(['x', 'x'.repeat(roomNameLengthMax), 'кино 7', '🎬', 'a/b?c=#d'])(
    '[SG4] the room name %s is accepted',
    (room) => {
      expect(joinAs(ada, room)).toBe('parsed')
    },
  )
})

describe('versions', () => {
  test.each([0, 2, 1.5, -1, 1e300])('[SG5] version %s has its own answer', (v) => {
    expect(clientFailure(JSON.stringify({ type: 'join', v, whatever: true }))).toBe(
      'unsupported-version',
    )
    expect(serverFailure(JSON.stringify({ type: 'joined', v, peers: 'other' }))).toBe(
      'unsupported-version',
    )
  })

  test('[SG5] a version that is no number is a bad message', () => {
    expect(clientFailure(`{"type":"join","v":"1","room":"r","peer":"${ada}"}`)).toBe('bad-message')
  })
})

describe('sizes', () => {
  const signalOf = (data: string): string => encodeClientMessage({ type: 'signal', to: bob, data })

  test('[SG6] the largest data that fits passes both ways, one byte more of text does not', () => {
    const data = 'x'.repeat(signalDataBytesMax - 2)
    expect(signalDataFits(data)).toBe(true)
    expect(signalDataFits(`${data}x`)).toBe(false)
    expect(clientFailure(signalOf(data))).toBe('parsed')
    const padded = signalOf(data).padEnd(clientTextBytesMax, ' ')
    expect(clientFailure(padded)).toBe('parsed')
    expect(clientFailure(`${padded} `)).toBe('too-large')
  })

  test('[SG6] sizes are bytes, not characters', () => {
    const data = 'ж'.repeat(clientTextBytesMax / 2)
    expect(data.length).toBeLessThan(signalDataBytesMax)
    expect(signalDataFits(data)).toBe(false)
    expect(clientFailure(signalOf(data))).toBe('too-large')
  })

  test('[SG6] a signal that was accepted fits the frame that passes it on', () => {
    const escapes = fc.constantFrom(
      '\\u0000',
      '\\ud800',
      '\\"',
      '\\n',
      '\\/',
      'é',
      '😀',
      'x',
      '\\u00e9',
    )
    fc.assert(
      fc.property(fc.array(escapes, { minLength: 1, maxLength: 8 }), (pieces) => {
        const piece = pieces.join('')
        const room = signalDataBytesMax - 2
        const escaped = piece.repeat(Math.max(1, Math.floor(room / utf8Bytes(piece))))
        const text = `{"type":"signal","to":"${bob}","data":"${escaped}"}`
        const parsed = parseClientMessage(text)
        expect(parsed.ok).toBe(true)
        if (!parsed.ok || parsed.message.type !== 'signal') throw new Error('not a signal')
        const relayed = encodeServerMessage({
          type: 'signal',
          from: ada,
          data: parsed.message.data,
        })
        expect(utf8Bytes(relayed)).toBeLessThanOrEqual(serverTextBytesMax)
        expect(serverFailure(relayed)).toBe('parsed')
      }),
      { seed, numRuns: 60 },
    )
  })

  test('[SG6] data that fits makes a message that fits', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 50 }),
        fc.nat(),
        (piece, n) => {
          const data = piece.repeat(1 + (n % 1000))
          if (signalDataFits(data)) expect(clientFailure(signalOf(data))).toBe('parsed')
        },
      ),
      { seed, numRuns: 300 },
    )
  })

  test('[SG6] empty data is refused', () => {
    expect(signalDataFits('')).toBe(false)
    expect(clientFailure(signalOf(''))).toBe('bad-message')
  })

  test('[SG6] utf8Bytes counts what an encoder writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8Bytes(text)).toBe(Buffer.byteLength(text, 'utf8'))
      }),
      { seed, numRuns: 500 },
    )
    expect(utf8Bytes('\ud800')).toBe(Buffer.byteLength('\ud800', 'utf8'))
  })
})
