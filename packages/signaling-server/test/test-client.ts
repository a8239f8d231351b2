/**
 * A peer for the tests: a real WebSocket to a real server, read one message at a time. Knows no rules; whatever the
 * server sends must parse, and awaiting is all the timing there is.
 */

import {
  closeName,
  encodeClientMessage,
  parseServerMessage,
  peerId,
  roomName,
} from '@unanimous/signaling-protocol'
import type { ClientMessage, PeerId, ServerMessage } from '@unanimous/signaling-protocol'
import { setImmediate } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { createSignalingServer } from '../src/server.ts'
import type { SignalingServer } from '../src/server.ts'
import type { SignalingServerOptions } from '../src/settings.ts'

/** A server on a free port that is closed when the test is over. */
export async function serve(options: SignalingServerOptions = {}): Promise<SignalingServer> {
  const server = await createSignalingServer({ port: 0, ...options })
  onTestFinished(() => server.close())
  return server
}

/** Lets both ends work on until it holds: the end of a socket reaches the two of them at different moments. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setImmediate()
}

/** The peer id that repeats one hex digit. */
export function idOf(digit: string): PeerId {
  return peerId(digit.repeat(32))
}

export interface DialOptions {
  readonly origin?: string
  readonly headers?: Readonly<Record<string, string>>
  /** false: a peer that has gone silent, though its connection stands. */
  readonly autoPong?: boolean
}

export interface Ended {
  readonly code: number
  /** The name of the code, or the number if it has none. */
  readonly name: string
}

export class TestClient {
  readonly socket: WebSocket
  /** Resolves when the socket has ended; never rejects. */
  readonly ended: Promise<Ended>
  readonly #inbox: ServerMessage[] = []
  #waiting: { resolve: (message: ServerMessage) => void; reject: (error: Error) => void }[] = []

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data) => {
      if (Buffer.isBuffer(data)) this.#receive(data.toString())
    })
    socket.on('error', () => undefined)
    this.ended = new Promise((resolve) => {
      socket.on('close', (code) => {
        const name = closeName(code) ?? String(code)
        for (const { reject } of this.#waiting) reject(new Error(`closed instead: ${name}`))
        this.#waiting = []
        resolve({ code, name })
      })
    })
  }

  static dial(url: string, options: DialOptions = {}): Promise<TestClient> {
    const { origin, headers, autoPong = true } = options
    const socket = new WebSocket(url, {
      autoPong,
      ...(origin === undefined ? {} : { origin }),
      ...(headers === undefined ? {} : { headers }),
    })
    const client = new TestClient(socket)
    onTestFinished(() => socket.terminate())
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(client))
      socket.once('error', reject)
    })
  }

  /** Dials and joins; the `joined` is taken from the inbox. */
  static async join(url: string, peer: PeerId, room = 'room'): Promise<TestClient> {
    const client = await TestClient.dial(url)
    client.join(peer, room)
    const answer = await client.next()
    if (answer.type !== 'joined') throw new Error(`not joined: ${JSON.stringify(answer)}`)
    return client
  }

  join(peer: PeerId, room = 'room'): void {
    this.send({ type: 'join', v: 1, room: roomName(room), peer })
  }

  signal(to: PeerId, data: string): void {
    this.send({ type: 'signal', to, data })
  }

  send(message: ClientMessage): void {
    this.socket.send(encodeClientMessage(message))
  }

  /** The next message, whenever it comes; rejects if the socket ends first. */
  next(): Promise<ServerMessage> {
    const message = this.#inbox.shift()
    if (message !== undefined) return Promise.resolve(message)
    if (this.socket.readyState === WebSocket.CLOSED) return Promise.reject(new Error('closed'))
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  async nextOf(count: number): Promise<readonly ServerMessage[]> {
    const messages: ServerMessage[] = []
    while (messages.length < count) messages.push(await this.next())
    return messages
  }

  /** All that came before the answer to a ping: shows that nothing else did, without waiting for nothing. */
  async settle(): Promise<readonly ServerMessage[]> {
    this.send({ type: 'ping' })
    const before: ServerMessage[] = []
    for (;;) {
      const message = await this.next()
      if (message.type === 'pong') return before
      before.push(message)
    }
  }

  #receive(text: string): void {
    const parsed = parseServerMessage(text)
    if (!parsed.ok) throw new Error(`the server sent what no client accepts: ${parsed.why}`)
    const waiting = this.#waiting.shift()
    if (waiting === undefined) this.#inbox.push(parsed.message)
    else waiting.resolve(parsed.message)
  }
}

/** The HTTP status with which a server turns a socket away. */
export function refusedStatus(url: string, options: DialOptions = {}): Promise<number> {
  const { origin, headers } = options
  const socket = new WebSocket(url, {
    ...(origin === undefined ? {} : { origin }),
    ...(headers === undefined ? {} : { headers }),
  })
  return new Promise((resolve, reject) => {
    socket.on('unexpected-response', (request, response) => {
      request.destroy()
      resolve(response.statusCode ?? 0)
    })
    socket.on('open', () => {
      socket.terminate()
      reject(new Error('the socket was let in'))
    })
    socket.on('error', reject)
  })
}
