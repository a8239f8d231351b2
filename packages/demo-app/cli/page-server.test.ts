import { createSignalingServer } from '@unanimous/signaling-server'
import { X509Certificate } from 'node:crypto'
import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { get as getSecurely } from 'node:https'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { makeCertificate } from './certificate.ts'
import type { PageBundle } from './page-bundle.ts'
import { servePage } from './page-server.ts'
import type { PageServer, PageServerOptions } from './page-server.ts'

const bundle: PageBundle = new Map([
  [
    'index.html',
    {
      type: 'text/html; charset=utf-8',
      body: Buffer.from('<p>hall</p>'),
      gzipped: Buffer.from('zipped'),
      isForever: false,
    },
  ],
  [
    'assets/a-1.js',
    {
      type: 'text/javascript; charset=utf-8',
      body: Buffer.from('1'),
      gzipped: Buffer.from('z'),
      isForever: true,
    },
  ],
])

const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()))
})

async function serve(changes: Partial<PageServerOptions> = {}): Promise<PageServer> {
  const server = await servePage({
    bundle,
    host: '127.0.0.1',
    ports: [0],
    settings: () => ({ signal: ['ws://127.0.0.1:1'], origins: [] }),
    ...changes,
  })
  open.push(server)
  return server
}

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

function ask(port: number, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => (body += text))
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, body })
      })
    }).on('error', reject)
  })
}

test('the page, its parts and its settings are served, and nothing else', async () => {
  const { port } = await serve()
  const page = await ask(port, '/?room=x')
  expect([page.status, page.body]).toEqual([200, '<p>hall</p>'])
  expect(page.headers['cache-control']).toBe('no-cache')
  expect(page.headers['content-security-policy']).toContain("default-src 'self'")
  expect(page.headers['cross-origin-opener-policy']).toBe('same-origin')
  const part = await ask(port, '/assets/a-1.js')
  expect(part.headers['cache-control']).toContain('immutable')
  const settings = await ask(port, '/config.json')
  expect(JSON.parse(settings.body)).toEqual({ signal: ['ws://127.0.0.1:1'], origins: [] })
  for (const path of ['/other', '/../package.json', '/assets/', '//']) {
    expect((await ask(port, path)).status).toBe(404)
  }
})

test('who takes gzip gets it', async () => {
  const { port } = await serve()
  const page = await ask(port, '/', { 'Accept-Encoding': 'br, gzip' })
  expect(page.headers['content-encoding']).toBe('gzip')
  expect(page.body).toBe('zipped')
})

test('localhost is sent to the one origin that has the store, fragment and all', async () => {
  const { port } = await serve()
  const answer = await ask(port, '/?room=x', { Host: `localhost:${port}` })
  expect(answer.status).toBe(307)
  expect(answer.headers.location).toBe(`http://127.0.0.1:${port}/?room=x`)
})

test('a taken port is passed over, unless it was the only one', async () => {
  const blocker = createServer()
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve))
  open.push({ close: () => new Promise((resolve) => blocker.close(() => resolve())) })
  const { port: taken } = blocker.address() as AddressInfo
  const { port } = await serve({ ports: [taken, 0] })
  expect(port).not.toBe(taken)
  await expect(serve({ ports: [taken] })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test('with a certificate it is https, for this machine and the addresses that it was made for', async () => {
  const certificate = await makeCertificate(['192.168.1.5'])
  const made = new X509Certificate(certificate.cert)
  expect(made.checkIP('192.168.1.5')).toBe('192.168.1.5')
  expect(made.checkIP('127.0.0.1')).toBe('127.0.0.1')
  expect(made.checkIP('192.168.1.6')).toBeUndefined()
  const { port } = await serve({ certificate })
  const status = await new Promise((resolve, reject) => {
    getSecurely({ host: '127.0.0.1', port, ca: certificate.cert, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode)
    }).on('error', reject)
  })
  expect(status).toBe(200)
})

/** What the server says first on a new WebSocket to this path; `closed` if it only hangs up. */
function dial(port: number, path: string, origin: string): Promise<string> {
  return new Promise((resolve) => {
    const request = get({
      host: '127.0.0.1',
      port,
      path,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        Origin: origin,
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      },
    })
    request.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve(`upgraded ${String(response.statusCode)}`)
    })
    request.on('response', (response) => resolve(`refused ${String(response.statusCode)}`))
    request.on('error', () => resolve('closed'))
  })
}

test('a WebSocket to /signal reaches the rendezvous, which judges its origin', async () => {
  const origin = 'https://192.168.1.5:4173'
  const signaling = await createSignalingServer({ port: 0, origins: [origin], trustProxy: true })
  open.push(signaling)
  const { port } = await serve({ signalingPort: () => signaling.port })
  expect(await dial(port, '/signal', origin)).toBe('upgraded 101')
  expect(await dial(port, '/signal', 'https://elsewhere.example')).toBe('refused 403')
  expect(await dial(port, '/other', origin)).toBe('closed')
})

test('where no rendezvous is behind it, no WebSocket is taken', async () => {
  const { port } = await serve()
  expect(await dial(port, '/signal', 'http://127.0.0.1')).toBe('closed')
})
