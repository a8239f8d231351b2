import { describe, expect, test } from 'vitest'
import type { ConnectionListener } from './connection.ts'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { idOf, refusedStatus, serve, TestClient, until } from '../test/test-client.ts'
import { createAcceptor } from './websocket.ts'

const ada = idOf('a')
const bob = idOf('b')

/** Long enough that a busy machine does not look like a silent peer, short enough to wait for. */
const heartbeatMs = 500
const joinTimeoutMs = 500

function once(client: TestClient, event: 'ping' | 'pong'): Promise<void> {
  return new Promise((resolve) => client.socket.once(event, () => resolve()))
}

describe('heartbeats', () => {
  test('[SG18] a peer that does not answer pings is cut, and its room hears that it is gone', async () => {
    const { url, stats } = await serve({ limits: { heartbeatMs } })
    const good = await TestClient.join(url, ada)
    const silent = await TestClient.dial(url, { autoPong: false })
    silent.join(bob)
    expect(await good.nextOf(2)).toEqual([
      { type: 'peer-joined', peer: bob },
      { type: 'peer-left', peer: bob, why: 'gone' },
    ])
    expect((await silent.ended).code).toBe(1006)
    await until(() => stats().sockets === 1)
    expect(stats().refused).toEqual({ heartbeat: 1 })
  })

  test('[SG18] a peer that answers is asked again and again, and stays', async () => {
    const { url } = await serve({ limits: { heartbeatMs } })
    const good = await TestClient.join(url, ada)
    for (let round = 0; round < 3; round += 1) await once(good, 'ping')
    expect(await good.settle()).toEqual([])
  })

  test('[SG18] a server that was suspended reads what came meanwhile before it judges', async () => {
    const { url, stats } = await serve({ limits: { heartbeatMs } })
    const good = await TestClient.join(url, ada)
    await once(good, 'ping')
    // The answer is on its way; server and client stop here together, for longer than the answer may take.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3 * heartbeatMs)
    expect(await good.settle()).toEqual([])
    expect(stats().refused).toEqual({})
  })
})

describe('sockets that belong nowhere', () => {
  test('[SG19] who does not join in time is told and closed with 4408', async () => {
    const { url } = await serve({ limits: { joinTimeoutMs } })
    const good = await TestClient.join(url, ada)
    const idle = await TestClient.dial(url)
    expect(await idle.next()).toMatchObject({ type: 'error', code: 'join-timeout' })
    expect(await idle.ended).toEqual({ code: 4408, name: 'join-timeout' })
    expect(await good.settle()).toEqual([])
  })

  test('[SG19] chatting does not count as joining, and leaving starts the time again', async () => {
    const { url } = await serve({ limits: { joinTimeoutMs } })
    const chatty = await TestClient.dial(url)
    chatty.send({ type: 'ping' })
    expect(await chatty.nextOf(2)).toMatchObject([{ type: 'pong' }, { code: 'join-timeout' }])
    const left = await TestClient.join(url, ada)
    left.send({ type: 'leave' })
    expect(await left.next()).toMatchObject({ type: 'error', code: 'join-timeout' })
  })

  test('[SG19] a peer that ignores its close frame is cut after the grace', async () => {
    const { url, stats } = await serve({ limits: { joinTimeoutMs, closeGraceMs: 60 } })
    const good = await TestClient.join(url, ada)
    const deaf = await TestClient.dial(url)
    // A paused socket reads no close frame, so it cannot answer it.
    deaf.socket.pause()
    await until(() => stats().sockets === 1)
    expect(await good.settle()).toEqual([])
    expect(stats().refused).toEqual({ 'join-timeout': 1 })
  })
})

describe('slow readers', () => {
  test('[SG20] who does not read is closed when too much waits for it, and nobody else', async () => {
    const generous = { burst: 1_000_000, perSecond: 1_000_000 }
    const { url, stats } = await serve({
      limits: {
        messagesPerSocket: generous,
        messagesPerAddress: generous,
        bufferedBytesMax: 256 * 1024,
        closeGraceMs: 60,
      },
    })
    const good = await TestClient.join(url, ada)
    const slow = await TestClient.join(url, bob)
    await good.next()
    slow.socket.pause()
    const data = 'x'.repeat(30_000)
    // The kernel holds some megabytes before anything waits in the server.
    let sent = 0
    while (stats().refused['slow-reader'] === undefined && sent < 5000) {
      for (let i = 0; i < 20; i += 1) good.signal(bob, data)
      sent += 20
      expect((await good.settle()).every((message) => message.type !== 'signal')).toBe(true)
    }
    expect(stats().refused).toMatchObject({ 'slow-reader': 1 })
    slow.socket.resume()
    expect(['slow-reader', '1006']).toContain((await slow.ended).name)
    const again = await TestClient.join(url, bob)
    good.signal(bob, 'hello again')
    expect(await again.next()).toEqual({ type: 'signal', from: ada, data: 'hello again' })
  })
})

describe('our own mistakes', () => {
  test('[SG30] a fault while handling a socket closes that one with 1011 and is reported', async () => {
    const faults: unknown[] = []
    const acceptor = createAcceptor((error) => faults.push(error))
    const http = createServer()
    http.on('upgrade', (request, socket, head) => {
      acceptor.accept({ request, socket, head }, (connection): ConnectionListener => {
        const ignore = (): void => undefined
        const onText = (text: string): void => {
          if (text.includes('leave')) throw new Error('a bug')
          connection.send('{"type":"pong"}')
        }
        const rest = { onBinary: ignore, onPing: ignore, onPong: ignore }
        return { onText, ...rest, onBroken: ignore, onClose: ignore }
      })
    })
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`
    const good = await TestClient.dial(url)
    const unlucky = await TestClient.dial(url)
    unlucky.send({ type: 'leave' })
    expect(await unlucky.ended).toEqual({ code: 1011, name: 'internal' })
    expect(faults).toEqual([new Error('a bug')])
    expect(await good.settle()).toEqual([])
    http.close()
  })
})

describe('going away', () => {
  test('[SG23] drain tells everybody, takes nobody in, lets signals pass, closes with 1012', async () => {
    const server = await serve({ drainMs: 4000 })
    const a = await TestClient.join(server.url, ada)
    const b = await TestClient.join(server.url, bob)
    const outside = await TestClient.dial(server.url)
    await a.next()
    const drained = server.drain()
    const closing = await a.next()
    expect(closing).toMatchObject({ type: 'closing', why: 'restart' })
    const other = await b.next()
    if (closing.type !== 'closing' || other.type !== 'closing') throw new Error('not closing')
    // Not all at the same moment.
    expect(other.reconnectAfterMs).toBeGreaterThan(closing.reconnectAfterMs)
    expect(await refusedStatus(server.url)).toBe(503)
    expect(await outside.next()).toMatchObject({ type: 'closing' })
    outside.join(idOf('c'))
    expect(await outside.next()).toMatchObject({ type: 'error', code: 'draining' })
    a.signal(bob, 'last words')
    expect(await b.next()).toEqual({ type: 'signal', from: ada, data: 'last words' })
    for (const client of [a, b, outside]) {
      expect(await client.ended).toEqual({ code: 1012, name: 'restart' })
      // Nobody was told that anybody is gone: the server went, not the peers.
      await expect(client.next()).rejects.toThrow('closed')
    }
    await drained
    expect(server.stats()).toMatchObject({ sockets: 0, rooms: 0, peers: 0, draining: true })
  })

  test('[SG23] a peer that heeds the warning and goes is not announced as gone, one that leaves is', async () => {
    const server = await serve({ drainMs: 1_000_000 })
    const a = await TestClient.join(server.url, ada)
    const b = await TestClient.join(server.url, bob)
    const c = await TestClient.join(server.url, idOf('c'))
    void server.drain()
    await b.nextOf(2)
    a.socket.close()
    await a.ended
    c.send({ type: 'leave' })
    await c.settle()
    expect(await b.settle()).toEqual([{ type: 'peer-left', peer: idOf('c'), why: 'left' }])
  })

  test('[SG23] drain cuts whoever does not answer, in time, and asking again changes nothing', async () => {
    const server = await serve({ drainMs: 100 })
    const deaf = await TestClient.join(server.url, ada)
    deaf.socket.pause()
    await Promise.all([server.drain(), server.drain()])
    await server.drain()
    expect(server.stats().sockets).toBe(0)
  })

  test('[SG23] drain of an empty server ends at once and frees its port', async () => {
    const server = await serve({ drainMs: 1_000_000 })
    await server.drain()
    const next = await serve({ port: server.port })
    expect(next.port).toBe(server.port)
  })

  test('[SG24] close ends every socket with 1001 without waiting, even during a drain', async () => {
    const server = await serve({ drainMs: 1_000_000 })
    const a = await TestClient.join(server.url, ada)
    const drained = server.drain()
    await server.close()
    await drained
    expect(await a.nextOf(2)).toMatchObject([{ why: 'restart' }, { why: 'shutdown' }])
    expect(await a.ended).toEqual({ code: 1001, name: 'going-away' })
  })

  test('[SG24] close waits for nobody longer than the grace', async () => {
    const server = await serve({ limits: { closeGraceMs: 50 } })
    const deaf = await TestClient.join(server.url, ada)
    deaf.socket.pause()
    await server.close()
    await server.close()
    expect(server.stats().sockets).toBe(0)
  })
})
