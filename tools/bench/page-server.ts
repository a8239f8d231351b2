/** Builds the page under measurement into memory and serves it, with the headers that give it a fine clock. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build, defaultClientConditions } from 'vite'

export interface PageServer {
  /** Ends with a slash. */
  readonly url: string
  /** A page without a script, for comparison. */
  readonly blankUrl: string
  close(): Promise<void>
}

const blankPage = '<!doctype html><title>Blank</title>'

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
}

async function buildPage(readable: boolean): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const built = await build({
    root: fileURLToPath(new URL('page', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@unanimous/source', ...defaultClientConditions] },
    build: { write: false, target: 'es2023', minify: !readable, modulePreload: false },
  })
  const outputs = Array.isArray(built) ? built : [built]
  const files = outputs.flatMap((output) => ('output' in output ? output.output : []))
  return new Map([
    ['blank.html', blankPage],
    ...files.map(
      (file) => [file.fileName, file.type === 'chunk' ? file.code : file.source] as const,
    ),
  ])
}

/** `readable`: keeps the names of functions, for profiles. */
export async function servePage(readable: boolean): Promise<PageServer> {
  const files = await buildPage(readable)
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://host').pathname.slice(1)
    const name = path === '' ? 'index.html' : path
    const body = files.get(name)
    response.writeHead(body === undefined ? 404 : 200, {
      'Content-Type': types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
      // With these two a page is isolated: an own process, and a clock of 5 microseconds.
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    })
    response.end(body)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    url,
    blankUrl: `${url}blank.html`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
