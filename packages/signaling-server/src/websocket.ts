/**
 * The only file that imports ws. Turns an HTTP upgrade into a Connection; knows frames, nothing of what they say. A
 * listener that throws closes its own socket and no other.
 */

import { closeMeanings, clientTextBytesMax } from '@unanimous/signaling-protocol'
import type { CloseName } from '@unanimous/signaling-protocol'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { RawData, WebSocket } from 'ws'
import type { Connection, ConnectionListener } from './connection.ts'
import { chunksMax, fragmentsMax } from './limits.ts'

export interface Acceptor {
  /**
   * Completes the upgrade and calls `open` at once, within this call.
   * @returns false if the request was no WebSocket handshake; it has been answered with 400 then.
   */
  accept(
    upgrade: { readonly request: IncomingMessage; readonly socket: Duplex; readonly head: Buffer },
    open: (connection: Connection) => ConnectionListener,
  ): boolean
}

export function createAcceptor(report: (error: unknown) => void): Acceptor {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: clientTextBytesMax,
    maxFragments: fragmentsMax,
    maxBufferedChunks: chunksMax,
    // Compression would let 32 KiB on the wire become many more in memory, for text that is sealed anyway.
    perMessageDeflate: false,
  })
  return {
    accept({ request, socket, head }, open) {
      let opened = false
      server.handleUpgrade(request, socket, head, (webSocket) => {
        opened = true
        const connection = connectionOf(webSocket)
        attach(webSocket, { connection, listener: open(connection), report })
      })
      return opened
    },
  }
}

function connectionOf(webSocket: WebSocket): Connection {
  // With a callback, ws reports a failed write there instead of throwing; the 'close' event tells the rest.
  const sent = (): void => undefined
  const isOpen = (): boolean => webSocket.readyState === webSocket.OPEN
  return {
    get bufferedBytes() {
      return webSocket.bufferedAmount
    },
    send(text) {
      if (isOpen()) webSocket.send(text, sent)
    },
    ping() {
      if (isOpen()) webSocket.ping(undefined, undefined, sent)
    },
    close(name) {
      webSocket.close(closeMeanings[name].code, closeMeanings[name].sentence)
    },
    terminate() {
      webSocket.terminate()
    },
  }
}

function attach(
  webSocket: WebSocket,
  {
    connection,
    listener,
    report,
  }: {
    readonly connection: Connection
    readonly listener: ConnectionListener
    readonly report: (error: unknown) => void
  },
): void {
  /** A mistake of ours costs the socket that hit it; thrown into ws it would cost every socket. */
  const guarded = (handle: () => void): void => {
    try {
      handle()
    } catch (error) {
      report(error)
      connection.close('internal')
    }
  }
  webSocket.on('message', (data, isBinary) =>
    guarded(() => (isBinary ? listener.onBinary() : listener.onText(textOf(data)))),
  )
  webSocket.on('ping', () => guarded(() => listener.onPing()))
  webSocket.on('pong', () => guarded(() => listener.onPong()))
  webSocket.on('error', (error) => guarded(() => listener.onBroken(brokenName(error))))
  webSocket.on('close', () => guarded(() => listener.onClose()))
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8')
}

/** ws has closed with the code that fits; we only say which it was. */
function brokenName(error: Error): CloseName {
  const code = 'code' in error ? error.code : undefined
  switch (code) {
    case 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH':
    case 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH':
      return 'too-large'
    case 'WS_ERR_TOO_MANY_BUFFERED_PARTS':
      return 'fragmented'
    case 'WS_ERR_INVALID_UTF8':
      return 'bad-text'
    default:
      return 'bad-frame'
  }
}
