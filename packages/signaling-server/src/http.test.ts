import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createSignalingServer } from './server.ts'
import type { SignalingServer } from './server.ts'
import { idOf, refusedStatus, serve, TestClient } from '../test/test-client.ts'

const page = (server: SignalingServer, path: string): string =>
  `http://127.0.0.1:${server.port}${path}`

describe('pages', () => {
  test('[SG22] /healthz says how many are here', async () => {
    const server = await serve()
    await TestClient.join(server.url, idOf('a'), 'red')
    await TestClient.join(server.url, idOf('b'), 'red')
    await TestClient.join(server.url, idOf('b'), 'blue')
    const response = await fetch(page(server, '/healthz'))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(await response.json()).toEqual({
      status: 'ok',
      rooms: 2,
      peers: 3,
      uptimeSeconds: expect.any(Number) as unknown,
    })
  })

  test('[SG22] /healthz answers 503 while the server drains', async () => {
    const server = await serve({ drainMs: 1_000_000 })
    await TestClient.join(server.url, idOf('a'))
    const drained = server.drain()
    const response = await fetch(page(server, '/healthz'))
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ status: 'draining', rooms: 1, peers: 1 })
    await server.close()
    await drained
  })

  test.each([
    ['GET', '/', 426],
    ['GET', '/signal', 426],
    ['POST', '/signal', 426],
    ['HEAD', '/healthz', 200],
    ['POST', '/healthz', 404],
    ['GET', '/healthz/', 404],
    ['GET', '/metrics', 404],
    ['GET', '/../etc/passwd', 404],
    ['GET', '//healthz', 404],
  ])('[SG22] %s %s is answered with %i', async (method, path, status) => {
    const server = await serve()
    expect(await rawStatus(server, `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)).toBe(
      status,
    )
  })

  test('[SG22] a request that is no HTTP, and an upgrade that is no handshake, get 400', async () => {
    const server = await serve({ limits: { socketsPerAddressMax: 1 } })
    expect(await rawStatus(server, 'nonsense\r\n\r\n')).toBe(400)
    const upgrade = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
    expect(await rawStatus(server, `${upgrade}Sec-WebSocket-Version: 13\r\n\r\n`)).toBe(400)
    // The failed handshake holds no socket of its address.
    await TestClient.join(server.url, idOf('a'))
  })

  test('[SG22] an endless header is refused', async () => {
    const server = await serve()
    const long = `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`
    expect(await rawStatus(server, long)).toBe(431)
  })
})

describe('paths', () => {
  test('[SG22] by default a socket opens at the root and at /signal, with or without a query', async () => {
    const { url } = await serve()
    for (const path of ['', '/', '/signal', '/?a=b', '/signal?a']) {
      await TestClient.dial(`${url}${path}`)
    }
    expect(await refusedStatus(`${url}/other`)).toBe(404)
    expect(await refusedStatus(`${url}/healthz`)).toBe(404)
  })

  test('[SG22] a path that is given is the only one, and part of the url', async () => {
    const server = await serve({ path: '/meet' })
    expect(server.url).toBe(`ws://127.0.0.1:${server.port}/meet`)
    await TestClient.join(server.url, idOf('a'))
    expect(await refusedStatus(`ws://127.0.0.1:${server.port}/`)).toBe(404)
    expect(await refusedStatus(`ws://127.0.0.1:${server.port}/signal`)).toBe(404)
  })
})

describe('origins', () => {
  test('[SG21] without a list, pages of the same host come in and others get 403', async () => {
    const { url, port } = await serve()
    await TestClient.dial(url, { origin: 'http://localhost:5173' })
    await TestClient.dial(`ws://localhost:${port}`, { origin: 'http://127.0.0.1:5173' })
    await TestClient.dial(url)
    expect(await refusedStatus(url, { origin: 'https://evil.example' })).toBe(403)
    expect(await refusedStatus(url, { origin: 'null' })).toBe(403)
  })

  test('[SG21] with a list, only its pages come in', async () => {
    const { url } = await serve({ origins: ['https://app.example'] })
    await TestClient.dial(url, { origin: 'https://app.example' })
    expect(await refusedStatus(url, { origin: 'http://localhost:5173' })).toBe(403)
    expect(await refusedStatus(url, { origin: 'https://app.example.evil.example' })).toBe(403)
  })

  test('[SG21] with the star, every page comes in', async () => {
    const { url } = await serve({ origins: ['*'] })
    await TestClient.dial(url, { origin: 'https://any.example' })
    await TestClient.dial(url, { origin: 'null' })
  })
})

describe('listening', () => {
  test('[SG28] a port that is taken is a typed error that names it', async () => {
    const { port } = await serve()
    await expect(createSignalingServer({ port })).rejects.toMatchObject({
      code: 'cannot-listen',
      message: expect.stringContaining(String(port)) as unknown,
    })
  })

  test('[SG28] a bad option is refused before anything listens', async () => {
    await expect(createSignalingServer({ port: 0, path: 'x' })).rejects.toMatchObject({
      code: 'bad-option',
    })
  })

  test('[SG28] the url of a server on every address can be dialled here', async () => {
    const { url } = await serve({ host: '0.0.0.0' })
    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/)
    await TestClient.join(url, idOf('a'))
  })
})

/** The status of one request, sent exactly as it is written. */
function rawStatus(server: SignalingServer, request: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1')
    let text = ''
    socket.on('data', (chunk) => (text += chunk.toString()))
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0)))
    socket.on('error', reject)
    socket.write(request)
  })
}
