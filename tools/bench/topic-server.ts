/** The rendezvous that y-webrtc expects: whoever subscribes to a topic gets what is published to it. Loopback only. */
import type { AddressInfo } from 'node:net'
import type { RawData, WebSocket } from 'ws'
import { WebSocketServer } from 'ws'

export interface TopicServer {
  readonly url: string
  close(): Promise<void>
}

interface TopicMessage {
  readonly type?: unknown
  readonly topics?: unknown
  readonly topic?: unknown
}

type Topics = Map<unknown, Set<WebSocket>>

export async function serveTopics(): Promise<TopicServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  const topics: Topics = new Map()
  server.on('connection', (socket) => {
    socket.on('message', (data: RawData) => onMessage(topics, socket, data))
    socket.on('close', () => {
      for (const subscribers of topics.values()) subscribers.delete(socket)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', resolve)
  })
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        for (const client of server.clients) client.terminate()
        server.close(() => resolve())
      }),
  }
}

function onMessage(topics: Topics, socket: WebSocket, data: RawData): void {
  const text = Buffer.isBuffer(data) ? data.toString('utf8') : ''
  const message = JSON.parse(text) as TopicMessage
  const named = Array.isArray(message.topics) ? (message.topics as readonly unknown[]) : []
  switch (message.type) {
    case 'subscribe':
      for (const topic of named) topics.set(topic, (topics.get(topic) ?? new Set()).add(socket))
      return
    case 'unsubscribe':
      for (const topic of named) topics.get(topic)?.delete(socket)
      return
    case 'publish':
      for (const subscriber of topics.get(message.topic) ?? []) subscriber.send(text)
      return
    case 'ping':
      socket.send(JSON.stringify({ type: 'pong' }))
      return
    default:
  }
}
