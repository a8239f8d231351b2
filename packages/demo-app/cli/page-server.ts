/**
 * Serves the built page from memory, tells it where the rendezvous is, and, where one port must do for all, passes
 * WebSockets on to it. Knows nothing of what the page does.
 */
import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Settings } from '../src/settings.ts'
import type { Certificate } from './certificate.ts'
import type { PageBundle, PageFile } from './page-bundle.ts'

export interface PageServerOptions {
  readonly bundle: PageBundle
  readonly host: string
  /** The first of these that is free. */
  readonly ports: readonly number[]
  /** With it, https. */
  readonly certificate?: Certificate
  /** What the page is told; asked for once per page, so that it may become known late. */
  readonly settings: () => Settings
  /** Where WebSockets to `/signal` go, on 127.0.0.1; nowhere without it. */
  readonly signalingPort?: () => number
}

export interface PageServer {
  readonly port: number
  close(): Promise<void>
}

/** Only our own files run; the group talks to peers and to servers that the settings name. */
const contentPolicy = [
  "default-src 'self'",
  "connect-src 'self' ws: wss:",
  "img-src 'self' data:",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const commonHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentPolicy,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  // An own process for each tab, and with it a fine clock: latencies of a millisecond are measured here.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** Rejects with the system's error when none of the ports can be had. */
export async function servePage(options: PageServerOptions): Promise<PageServer> {
  const { certificate, host, ports, signalingPort } = options
  const listener: RequestListener = (request, response) => answer(options, request, response)
  const server =
    certificate === undefined ? createServer(listener) : createSecureServer(certificate, listener)
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (signalingPort === undefined || pathOf(request) !== '/signal') socket.destroy()
    else passOn(signalingPort(), { request, socket, head })
  })
  const port = await listen(server, host, ports)
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function listen(server: Server, host: string, ports: readonly number[]): Promise<number> {
  for (const [at, port] of ports.entries()) {
    try {
      return await listenOn(server, host, port)
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (!isTaken || at === ports.length - 1) throw error
    }
  }
  throw new RangeError('The page needs at least one port to try.')
}

function listenOn(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host }, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function answer(
  options: PageServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  for (const [name, value] of Object.entries(commonHeaders)) response.setHeader(name, value)
  const path = pathOf(request)
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (!isRead) return refuse(response, 405)
  const elsewhere = canonicalAddress(options, request)
  if (elsewhere !== undefined) {
    response.writeHead(307, { Location: elsewhere, 'Content-Length': 0 }).end()
    return
  }
  if (path === '/config.json') {
    const body = Buffer.from(JSON.stringify(options.settings()))
    send(response, { type: 'application/json', body, cache: 'no-store' }, request.method)
    return
  }
  const file = options.bundle.get(path === '/' ? 'index.html' : path.slice(1))
  if (file === undefined) return refuse(response, 404)
  sendFile(request, response, file)
}

/** One origin, one store: who says `localhost` means the same page and must find the same tabs. */
function canonicalAddress(
  { certificate }: PageServerOptions,
  request: IncomingMessage,
): string | undefined {
  const { host = '' } = request.headers
  if (!/^localhost(:\d+)?$/i.test(host)) return undefined
  const scheme = certificate === undefined ? 'http' : 'https'
  return `${scheme}://${host.replace(/^localhost/i, '127.0.0.1')}${request.url ?? '/'}`
}

interface Body {
  readonly type: string
  readonly body: Buffer
  readonly cache: string
}

function sendFile(request: IncomingMessage, response: ServerResponse, file: PageFile): void {
  const cache = file.isForever ? 'public, max-age=31536000, immutable' : 'no-cache'
  const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  response.setHeader('Vary', 'Accept-Encoding')
  if (takesGzip) response.setHeader('Content-Encoding', 'gzip')
  const body = takesGzip ? file.gzipped : file.body
  send(response, { type: file.type, body, cache }, request.method)
}

function send(response: ServerResponse, { type, body, cache }: Body, method = 'GET'): void {
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Length': body.byteLength,
    'Cache-Control': cache,
  })
  response.end(method === 'HEAD' ? undefined : body)
}

function refuse(response: ServerResponse, status: 404 | 405): void {
  const text = status === 404 ? 'Nothing here.\n' : 'Only GET is answered here.\n'
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' })
  response.end(text)
}

/** Not parsed as a URL: the target may be any bytes, and all we ask is whether it is one of ours. */
const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?', 1)[0] ?? ''

interface Upgrade {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
}

/** Repeats the request to the signaling server and then only carries bytes. It charges the address that we name. */
function passOn(port: number, { request, socket, head }: Upgrade): void {
  const upstream = connect(port, '127.0.0.1')
  const end = (): void => {
    socket.destroy()
    upstream.destroy()
  }
  socket.on('error', end).on('close', end)
  upstream.on('error', end).on('close', end)
  upstream.on('connect', () => {
    upstream.write(repeated(request))
    upstream.write(head)
    socket.pipe(upstream).pipe(socket)
  })
}

function repeated(request: IncomingMessage): string {
  const lines = [`GET ${request.url ?? '/'} HTTP/1.1`]
  const { rawHeaders } = request
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (name.toLowerCase() !== 'x-forwarded-for') lines.push(`${name}: ${rawHeaders[at + 1] ?? ''}`)
  }
  lines.push(`X-Forwarded-For: ${request.socket.remoteAddress ?? '127.0.0.1'}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}
