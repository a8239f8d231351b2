/**
 * The HTTP side: one health page, and the upgrade of whoever may come in. Knows requests and addresses, nothing of what
 * sockets say.
 */

import { createServer, STATUS_CODES } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { addressKey, forwardedAddress } from './address.ts'
import type { Hall } from './hall.ts'
import { headerBytesMax, requestTimeoutMs } from './limits.ts'
import { isOriginAllowed } from './origin.ts'
import type { Settings } from './settings.ts'
import type { Acceptor } from './websocket.ts'

export interface Front {
  readonly settings: Settings
  readonly hall: Hall
  readonly acceptor: Acceptor
  readonly uptimeSeconds: () => number
}

export function createFront(front: Front): Server {
  const server = createServer({
    maxHeaderSize: headerBytesMax,
    headersTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: requestTimeoutMs / 2,
  })
  // Beyond the sockets we admit, a few more so that health checks still get an answer when all are taken.
  server.maxConnections = front.settings.limits.socketsMax + 100
  server.on('request', (request, response) => answer(front, request, response))
  server.on('upgrade', (request, socket, head) => upgrade(front, { request, socket, head }))
  return server
}

function answer(front: Front, request: IncomingMessage, response: ServerResponse): void {
  const path = pathOf(request)
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (path === '/healthz' && isRead) {
    const { hall } = front
    const body = {
      status: hall.isDraining ? 'draining' : 'ok',
      rooms: hall.roomCount,
      peers: hall.peerCount,
      uptimeSeconds: front.uptimeSeconds(),
    }
    reply(response, hall.isDraining ? 503 : 200, JSON.stringify(body))
  } else if (front.settings.paths.includes(path)) {
    response.setHeader('Upgrade', 'websocket')
    reply(response, 426, JSON.stringify({ error: 'Connect with a WebSocket.' }))
  } else {
    reply(response, 404, JSON.stringify({ error: 'Nothing here.' }))
  }
}

function reply(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    // Whatever body the request had is not read, so this connection cannot serve another request.
    Connection: 'close',
  })
  response.end(body)
}

interface Upgrade {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
}

function upgrade(front: Front, { request, socket, head }: Upgrade): void {
  const { settings, hall, acceptor } = front
  const address = clientAddress(request, settings.trustProxy)
  const status = whyRefuse(front, request) ?? admission(hall, address)
  if (status !== undefined) {
    refuse(socket, status)
    return
  }
  const opened = acceptor.accept({ request, socket, head }, (connection) =>
    hall.open(connection, address),
  )
  if (!opened) hall.giveBack(address)
}

/** The status that turns this request away, whoever sends it. */
function whyRefuse({ settings, hall }: Front, request: IncomingMessage): number | undefined {
  const { origin, host } = request.headers
  if (!settings.paths.includes(pathOf(request))) return 404
  if (!isOriginAllowed(settings.origins, origin, host)) return 403
  if (hall.isDraining) return 503
  return undefined
}

function admission(hall: Hall, address: string): number | undefined {
  switch (hall.admit(address)) {
    case 'admitted':
      return undefined
    case 'too-many-sockets':
    case 'too-fast':
      return 429
    case 'book-full':
    case 'server-full':
      return 503
  }
}

function refuse(socket: Duplex, status: number): void {
  // The other end may be gone already; there is nobody to tell.
  socket.on('error', () => socket.destroy())
  const retry = status === 429 || status === 503 ? 'Retry-After: 1\r\n' : ''
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n${retry}Content-Length: 0\r\n\r\n`,
    () => socket.destroy(),
  )
}

function clientAddress(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? forwardedAddress(request.headers['x-forwarded-for']) : undefined
  return addressKey(forwarded ?? request.socket.remoteAddress)
}

/** Not parsed as a URL: the target may be any bytes, and all we ask is whether it is one of ours. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? ''
}
