import { encodeClientMessage, roomName } from '@unanimous/signaling-protocol'
import fc from 'fast-check'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { idOf, serve, TestClient } from '../test/test-client.ts'

const seed = 20_240_611
const ada = idOf('a')
const bob = idOf('b')
const cyd = idOf('c')

const good: readonly string[] = [
  encodeClientMessage({ type: 'join', v: 1, room: roomName('room'), peer: cyd }),
  encodeClientMessage({ type: 'signal', to: cyd, data: 'x' }),
  encodeClientMessage({ type: 'leave' }),
  encodeClientMessage({ type: 'ping' }),
]

/** Cut, doubled and overwritten pieces of good messages, whole JSON of any shape, and anything at all. */
const texts: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...good) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...good), fc.nat(), fc.nat({ max: 3 }), fc.string({ maxLength: 4 }))
      .map(([text, at, cut, put]) => {
        const index = at % text.length
        return text.slice(0, index) + put + text.slice(index + cut)
      }),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...good), fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 3 }))
      .map(([text, key, value]) => {
        const message = JSON.parse(text) as Record<string, unknown>
        const keys = Object.keys(message)
        return JSON.stringify({ ...message, [keys[key.length % keys.length] ?? key]: value })
      }),
  },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
)

const frames = fc.oneof(
  { weight: 5, arbitrary: texts },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
)
const conversations = fc.array(frames, { minLength: 1, maxLength: 8 })

test('[SG26] random frames from a third socket disturb no signal of the two others', async () => {
  const plenty = { burst: 1_000_000, perSecond: 1_000_000 }
  const { url, stats } = await serve({
    limits: { arrivalsPerAddress: plenty, messagesPerAddress: plenty, messagesPerSocket: plenty },
  })
  const a = await TestClient.join(url, ada, 'quiet')
  const b = await TestClient.join(url, bob, 'quiet')
  expect(await a.settle()).toHaveLength(1)
  const outcomes = new Set<string>()
  for (const [round, conversation] of fc.sample(conversations, { seed, numRuns: 400 }).entries()) {
    const bad = await TestClient.dial(url)
    for (const frame of conversation) bad.socket.send(frame, { binary: typeof frame !== 'string' })
    // One good message at the end: either it is answered, or the socket has been closed for what came before.
    bad.send({ type: 'ping' })
    outcomes.add(await lastWord(bad))
    bad.socket.terminate()
    a.signal(bob, `there ${round}`)
    b.signal(ada, `back ${round}`)
    expect(await b.next()).toEqual({ type: 'signal', from: ada, data: `there ${round}` })
    expect(await a.next()).toEqual({ type: 'signal', from: bob, data: `back ${round}` })
  }
  // The mill has reached the good end and several different refusals, or it tests nothing.
  expect([...outcomes].toSorted()).toEqual(
    expect.arrayContaining(['bad-json', 'bad-message', 'binary', 'lived', 'unsupported-version']),
  )
  await Promise.all([a.settle(), b.settle()])
  expect(stats().refused['internal']).toBeUndefined()
})

test('[SG26] random bytes instead of a handshake or of frames disturb nobody', async () => {
  const { url, port, stats } = await serve()
  const a = await TestClient.join(url, ada)
  const b = await TestClient.join(url, bob)
  await a.next()
  const handshake =
    'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
  const noise = fc.tuple(
    fc.oneof(
      fc.constant(handshake),
      fc.string(),
      fc.nat({ max: handshake.length }).map((end) => handshake.slice(0, end)),
    ),
    fc.uint8Array({ minLength: 1, maxLength: 300 }),
  )
  for (const [head, bytes] of fc.sample(noise, { seed, numRuns: 100 })) {
    await sendNoise(port, Buffer.concat([Buffer.from(head), bytes]))
    a.signal(bob, 'x')
    expect(await b.next()).toEqual({ type: 'signal', from: ada, data: 'x' })
  }
  expect(stats().peers).toBe(2)
  expect(await a.settle()).toEqual([])
})

/** `lived` if the socket still answers, else the name of the code that closed it. */
async function lastWord(client: TestClient): Promise<string> {
  try {
    await client.settle()
    return 'lived'
  } catch {
    return (await client.ended).name
  }
}

/** Writes and hangs up; resolves when the connection is over at this end. */
function sendNoise(port: number, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    // The server may well reset such a connection: that is an answer too.
    socket.on('error', () => undefined)
    socket.on('close', () => resolve())
    socket.resume()
    socket.end(bytes)
  })
}
