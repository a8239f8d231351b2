/** Builds the page into memory: nothing is written, so that two demos of one checkout cannot disturb each other. */
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

export interface PageFile {
  readonly type: string
  readonly body: Buffer
  readonly gzipped: Buffer
  /** Its name holds a hash of its contents. */
  readonly isForever: boolean
}

/** By path below the page's folder; `index.html` is among them. */
export type PageBundle = ReadonlyMap<string, PageFile>

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  json: 'application/json; charset=utf-8',
}

export async function buildPage(): Promise<PageBundle> {
  const built = await build({
    root: fileURLToPath(new URL('..', import.meta.url)),
    configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
    logLevel: 'error',
    build: { write: false },
  })
  const outputs = Array.isArray(built) ? built : [built]
  const files = outputs.flatMap((output) => ('output' in output ? output.output : []))
  return new Map(
    files.map((file) => {
      const text = file.type === 'chunk' ? file.code : file.source
      const body = Buffer.from(text)
      const type = types[file.fileName.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
      const isForever = file.fileName.startsWith('assets/')
      return [file.fileName, { type, body, gzipped: gzipSync(body), isForever }]
    }),
  )
}
