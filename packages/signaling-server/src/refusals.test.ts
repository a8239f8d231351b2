import { clientTextBytesMax } from '@unanimous/signaling-protocol'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { SignalingServer } from './server.ts'
import { defaultLimits } from './limits.ts'
import { idOf, refusedStatus, serve, TestClient, until } from '../test/test-client.ts'

const ada = idOf('a')
const bob = idOf('b')
const cyd = idOf('c')

/** Two peers that talk while a third misbehaves. */
async function pair(url: string): Promise<readonly [TestClient, TestClient]> {
  const a = await TestClient.join(url, ada)
  const b = await TestClient.join(url, bob)
  await a.next()
  return [a, b]
}

/** A signal there and one back: the good go on. */
async function expectUndisturbed([a, b]: readonly [TestClient, TestClient]): Promise<void> {
  a.signal(bob, 'there')
  expect(await b.next()).toEqual({ type: 'signal', from: ada, data: 'there' })
  b.signal(ada, 'back')
  expect(await a.next()).toEqual({ type: 'signal', from: bob, data: 'back' })
}

/** `count` frames by the shortest way, without waiting for the socket to take them. */
function flood(client: TestClient, count: number): void {
  for (let i = 0; i < count; i += 1) client.send({ type: 'ping' })
}

describe('messages that are none', () => {
  const join = (fields: object): string =>
    JSON.stringify({ type: 'join', v: 1, room: 'room', peer: cyd, ...fields })

  test.each([
    ['no JSON', '{"type":', 'bad-json', 4400],
    ['nothing', '', 'bad-json', 4400],
    ['an unknown type', '{"type":"shout"}', 'bad-message', 4422],
    ['a type of every object', '{"type":"constructor"}', 'bad-message', 4422],
    ['no object', '"join"', 'bad-message', 4422],
    ['deep nesting', '['.repeat(16_000) + ']'.repeat(16_000), 'bad-message', 4422],
    ['a short id', join({ peer: 'c' }), 'bad-message', 4422],
    ['a prototype', '{"type":"ping","__proto__":{"a":1}}', 'bad-message', 4422],
    ['a room with a control character', join({ room: 'a\nb' }), 'bad-message', 4422],
    ['a key too many', join({ admin: true }), 'bad-message', 4422],
    ['another version', join({ v: 2, more: 'fields' }), 'unsupported-version', 4426],
  ])('[SG14] %s is answered and closed, and the others go on', async (_, text, code, close) => {
    const { url, stats } = await serve()
    const good = await pair(url)
    const bad = await TestClient.dial(url)
    bad.socket.send(text)
    expect(await bad.next()).toMatchObject({ type: 'error', code })
    expect(await bad.ended).toEqual({ code: close, name: code })
    await expectUndisturbed(good)
    await until(() => stats().sockets === 2)
    expect(stats().refused).toEqual({ [code]: 1 })
  })

  test('[SG14] a member that misbehaves is out, and its room hears that it is gone', async () => {
    const { url } = await serve()
    const good = await pair(url)
    const bad = await TestClient.join(url, cyd)
    bad.socket.send('nonsense')
    bad.signal(ada, 'after the nonsense')
    await bad.ended
    for (const client of good) {
      expect(await client.nextOf(2)).toEqual([
        { type: 'peer-joined', peer: cyd },
        { type: 'peer-left', peer: cyd, why: 'gone' },
      ])
    }
    await expectUndisturbed(good)
  })

  test('[SG14] a binary frame is answered and closed with 1003', async () => {
    const { url } = await serve()
    const good = await pair(url)
    const bad = await TestClient.dial(url)
    bad.socket.send(Buffer.from('{"type":"ping"}'), { binary: true })
    expect(await bad.next()).toMatchObject({ type: 'error', code: 'binary' })
    expect(await bad.ended).toEqual({ code: 1003, name: 'binary' })
    await expectUndisturbed(good)
  })

  test('[SG14] a message of 32 KiB passes, one byte more closes with 1009', async () => {
    const { url, stats } = await serve()
    const good = await pair(url)
    const full = '{"type":"ping"}'.padEnd(clientTextBytesMax, ' ')
    const bad = await TestClient.join(url, cyd)
    bad.socket.send(full)
    expect(await bad.next()).toEqual({ type: 'pong' })
    bad.socket.send(`${full} `)
    expect(await bad.ended).toEqual({ code: 1009, name: 'too-large' })
    for (const client of good) {
      expect(await client.nextOf(2)).toContainEqual({ type: 'peer-left', peer: cyd, why: 'gone' })
    }
    await expectUndisturbed(good)
    expect(stats().refused).toEqual({ 'too-large': 1 })
  })

  test('[SG14] a message in too many pieces closes with 1008', async () => {
    const { url } = await serve()
    const good = await pair(url)
    const bad = await TestClient.dial(url)
    for (let i = 0; i < 100; i += 1) bad.socket.send(' ', { fin: false })
    expect(await bad.ended).toEqual({ code: 1008, name: 'fragmented' })
    await expectUndisturbed(good)
  })

  test.each([
    ['text that is not UTF-8', [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28], 1007],
    ['a frame without a mask', [0x81, 0x01, 0x20], 1002],
    ['an opcode of nobody', [0x83, 0x80, 0, 0, 0, 0], 1002],
    ['reserved bits', [0xf1, 0x80, 0, 0, 0, 0], 1002],
    ['a length of 2^63', [0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 1009],
  ])('[SG14] %s closes with its code, and the others go on', async (_, bytes, code) => {
    const server = await serve()
    const good = await pair(server.url)
    const frames = await rawFrames(server, Buffer.from(bytes))
    // A close frame of a server: 0x88, length, then the code in two bytes.
    expect(frames[0]).toBe(0x88)
    expect(frames.readUInt16BE(2)).toBe(code)
    await expectUndisturbed(good)
  })
})

describe('floods', () => {
  test('[SG15] a socket beyond its burst is answered, closed with 4429, and no other', async () => {
    const { url, stats } = await serve()
    const good = await pair(url)
    const bad = await TestClient.join(url, cyd)
    flood(bad, 2000)
    expect(await bad.ended).toEqual({ code: 4429, name: 'rate-limited' })
    const answers = await bad.nextOf(120)
    expect(answers.filter(({ type }) => type === 'pong').length).toBeGreaterThanOrEqual(119)
    for (const client of good) {
      expect(await client.nextOf(2)).toContainEqual({ type: 'peer-left', peer: cyd, why: 'gone' })
    }
    await expectUndisturbed(good)
    expect(stats().refused).toEqual({ 'rate-limited': 1 })
  })

  test.each(['ping', 'pong'] as const)(
    '[SG15] a flood of WebSocket %ss counts too',
    async (frame) => {
      const { url } = await serve()
      const good = await pair(url)
      const bad = await TestClient.dial(url)
      for (let i = 0; i < 2000; i += 1) bad.socket[frame]('x'.repeat(100))
      expect((await bad.ended).name).toMatch(/^(rate-limited|1006)$/)
      await expectUndisturbed(good)
    },
  )

  test('[SG16] beyond the budget of its address a message is refused, and its socket stays', async () => {
    const limits = { messagesPerAddress: { burst: 10, perSecond: 1 } }
    const { url } = await serve({ limits })
    const a = await TestClient.join(url, ada)
    flood(a, 10)
    const answers = await a.nextOf(10)
    expect(answers.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => ({ type: 'pong' })))
    expect(answers[9]).toMatchObject({ type: 'error', code: 'rate-limited' })
    expect(a.socket.readyState).toBe(a.socket.OPEN)
  })

  test('[SG16] an address opens so many sockets and no more, until one ends', async () => {
    const { url, stats } = await serve({ limits: { socketsPerAddressMax: 2 } })
    const [a] = await pair(url)
    expect(await refusedStatus(url)).toBe(429)
    a.socket.terminate()
    await a.ended
    await until(() => stats().sockets === 1)
    const again = await TestClient.dial(url)
    again.join(cyd)
    expect(await again.next()).toMatchObject({ type: 'joined' })
  })

  test('[SG16] sockets and joins of one address have a rate', async () => {
    const limits = { arrivalsPerAddress: { burst: 4, perSecond: 1 } }
    const { url } = await serve({ limits })
    const good = await pair(url)
    expect(await refusedStatus(url)).toBe(429)
    good[0].send({ type: 'leave' })
    good[0].join(ada, 'elsewhere')
    expect(await good[0].next()).toMatchObject({ type: 'error', code: 'rate-limited' })
  })

  test('[SG16] behind a proxy each client has its own budget, without one the header is air', async () => {
    const limits = { socketsPerAddressMax: 1 }
    const from = (address: string): { headers: Record<string, string> } => ({
      headers: { 'X-Forwarded-For': `6.6.6.6, ${address}` },
    })
    const proxied = await serve({ limits, trustProxy: true })
    await TestClient.dial(proxied.url, from('198.51.100.1'))
    await TestClient.dial(proxied.url, from('198.51.100.2'))
    expect(await refusedStatus(proxied.url, from('198.51.100.1'))).toBe(429)
    const bare = await serve({ limits })
    await TestClient.dial(bare.url, from('198.51.100.1'))
    expect(await refusedStatus(bare.url, from('198.51.100.2'))).toBe(429)
  })
})

describe('capacity', () => {
  test('[SG17] a full room takes nobody in, but a member may come back', async () => {
    const { url } = await serve({ limits: { peersPerRoomMax: 2 } })
    const [a, b] = await pair(url)
    const c = await TestClient.dial(url)
    c.join(cyd)
    expect(await c.next()).toMatchObject({ type: 'error', code: 'room-full' })
    expect(await c.ended).toEqual({ code: 4503, name: 'room-full' })
    const again = await TestClient.dial(url)
    again.join(ada)
    expect(await again.next()).toEqual({ type: 'joined', v: 1, peers: [bob] })
    expect((await a.ended).name).toBe('replaced')
    expect(await b.nextOf(2)).toHaveLength(2)
  })

  test('[SG17] 64 peers fit a room by default', async () => {
    const { url, stats } = await serve()
    const ids = Array.from({ length: 64 }, (_, i) => i.toString(16).padStart(32, '0'))
    const clients = await Promise.all(ids.map(() => TestClient.dial(url)))
    for (const [i, client] of clients.entries()) {
      client.socket.send(JSON.stringify({ type: 'join', v: 1, room: 'r', peer: ids[i] }))
      expect(await client.next().then(firstJoined(client))).toHaveLength(i)
    }
    expect(stats()).toMatchObject({ rooms: 1, peers: defaultLimits.peersPerRoomMax })
    const late = await TestClient.dial(url)
    late.join(ada, 'r')
    expect(await late.next()).toMatchObject({ type: 'error', code: 'room-full' })
  })

  test('[SG17] when all rooms are taken, a new one is refused and the old ones go on', async () => {
    const { url } = await serve({ limits: { roomsMax: 1 } })
    const good = await pair(url)
    const c = await TestClient.dial(url)
    c.join(cyd, 'another')
    expect(await c.next()).toMatchObject({ type: 'error', code: 'server-full' })
    expect(await c.ended).toEqual({ code: 4507, name: 'server-full' })
    await expectUndisturbed(good)
  })

  test('[SG17] when all sockets are taken, another is refused with 503', async () => {
    const { url } = await serve({ limits: { socketsMax: 2 } })
    const good = await pair(url)
    expect(await refusedStatus(url)).toBe(503)
    await expectUndisturbed(good)
  })
})

/** Reads on to the `joined`, past what was told before this peer was in. */
function firstJoined(client: TestClient) {
  return async (message: Awaited<ReturnType<TestClient['next']>>): Promise<readonly string[]> => {
    let current = message
    while (current.type !== 'joined') current = await client.next()
    return current.peers
  }
}

/** Shakes hands by hand, sends these bytes as they are, and returns what came back until the server closed. */
function rawFrames(server: SignalingServer, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1')
    let received = Buffer.alloc(0)
    let isUpgraded = false
    socket.write(
      'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      const end = received.indexOf('\r\n\r\n')
      if (!isUpgraded && end >= 0) {
        isUpgraded = true
        received = received.subarray(end + 4)
        socket.write(bytes)
      }
      if (isUpgraded && received.length >= 4) {
        socket.destroy()
        resolve(received)
      }
    })
    socket.on('error', reject)
  })
}
