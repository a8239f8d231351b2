/**
 * Signaling servers for the browser tests: one for all, and a control by which a page can start and stop others. Runs in
 * Node before the tests; listens on loopback only.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { TestProject } from 'vitest/node'
import { createSignalingServer, type SignalingServer } from '@unanimous/signaling-server'

declare module 'vitest' {
  interface ProvidedContext {
    /** A server that stays for the whole run. */
    signalingUrl: string
    /** POST `/start` answers the url of a new server, POST `/stop` with that url as its body ends it. */
    signalingControl: string
  }
}

const open = (): Promise<SignalingServer> => createSignalingServer({ port: 0, origins: ['*'] })

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const lasting = await open()
  const started = new Map<string, SignalingServer>()

  async function answer(request: IncomingMessage): Promise<string> {
    if (request.url === '/start') {
      const server = await open()
      started.set(server.url, server)
      return server.url
    }
    const url = await textOf(request)
    await started.get(url)?.close()
    started.delete(url)
    return ''
  }

  const control = createServer((request: IncomingMessage, response: ServerResponse) => {
    // The page of the tests comes from another port.
    response.setHeader('access-control-allow-origin', '*')
    void answer(request).then(
      (text) => response.end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve))
  const address = control.address()
  if (address === null || typeof address === 'string') throw new Error('the control has no port')
  project.provide('signalingUrl', lasting.url)
  project.provide('signalingControl', `http://127.0.0.1:${address.port}`)

  return async () => {
    control.closeAllConnections()
    control.close()
    await Promise.all([lasting, ...started.values()].map((server) => server.close()))
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}
