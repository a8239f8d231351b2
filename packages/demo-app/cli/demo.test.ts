import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** Building the page takes seconds, on a busy machine many. */
const buildLimitMs = 120_000

const top = fileURLToPath(new URL('../../..', import.meta.url))

interface Run {
  readonly child: ReturnType<typeof spawn>
  readonly ended: Promise<{ readonly code: number | null; readonly errors: string }>
}

function demo(...words: readonly string[]): Run {
  const child = spawn(
    process.execPath,
    ['tools/run.mjs', 'packages/demo-app/cli/demo.ts', ...words],
    {
      cwd: top,
    },
  )
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, errors }))
  return { child, ended }
}

test(
  'a word that it does not know ends it at once, with help',
  async () => {
    const { code, errors } = await demo('--speed').ended
    expect(code).toBe(2)
    expect(errors).toContain('--speed')
    expect(errors).toContain('Usage:')
  },
  buildLimitMs,
)

test(
  'it says where the page is, serves it, and ends well on Ctrl-C',
  async () => {
    const { child, ended } = demo('--port', '0', '--json')
    let addresses: { page: string; signaling: string } | undefined
    if (child.stdout === null) throw new Error('no output to read')
    for await (const line of createInterface(child.stdout)) {
      if (!line.startsWith('{')) continue
      addresses = JSON.parse(line) as { page: string; signaling: string }
      break
    }
    if (addresses === undefined) throw new Error((await ended).errors)
    const page = await (await fetch(addresses.page)).text()
    expect(page).toContain('Yjs for the text, Unanimous for the decisions.')
    const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(page)?.[1] ?? 'none'
    const answer = await fetch(new URL(script, addresses.page))
    expect(answer.headers.get('content-type')).toContain('text/javascript')
    const settings = (await (await fetch(new URL('config.json', addresses.page))).json()) as unknown
    expect(settings).toEqual({ signal: [addresses.signaling], origins: [] })
    child.kill('SIGINT')
    expect((await ended).code).toBe(0)
  },
  buildLimitMs,
)
