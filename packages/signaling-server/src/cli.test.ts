import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { idOf, refusedStatus, serve, TestClient } from '../test/test-client.ts'

const workspace = fileURLToPath(new URL('../../..', import.meta.url))
const cli = fileURLToPath(new URL('./cli.ts', import.meta.url))

class Cli {
  readonly child: ChildProcess
  readonly exited: Promise<number | null>
  #stdout = ''
  #stderr = ''

  constructor(...words: readonly string[]) {
    this.child = spawn(
      process.execPath,
      ['--conditions=@unanimous/source', '--import', 'tsx', cli, ...words],
      { cwd: workspace, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    this.child.stdout?.on('data', (chunk: Buffer) => (this.#stdout += chunk.toString()))
    this.child.stderr?.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()))
    // 'close' comes after the last byte of both streams, 'exit' may come before.
    this.exited = once(this.child, 'close').then(([code]) => code as number | null)
    onTestFinished(() => void this.child.kill('SIGKILL'))
  }

  get stdout(): string {
    return this.#stdout
  }

  get stderr(): string {
    return this.#stderr
  }

  /** The url that the command prints once it listens. */
  async url(): Promise<string> {
    for (;;) {
      const url = /listening on (\S+)/.exec(this.#stdout)?.[1]
      if (url !== undefined) return url
      await Promise.race([once(this.child.stdout ?? this.child, 'data'), this.#fail()])
    }
  }

  async #fail(): Promise<never> {
    const code = await this.exited
    throw new Error(`exited with ${code ?? 'a signal'} before it listened: ${this.#stderr}`)
  }
}

test('[SG27] the command serves, and on SIGTERM drains and exits 0', async () => {
  const command = new Cli('--port', '0', '--drain-ms', '4000')
  const url = await command.url()
  const a = await TestClient.join(url, idOf('a'))
  const b = await TestClient.join(url, idOf('b'))
  expect(await a.next()).toEqual({ type: 'peer-joined', peer: idOf('b') })
  a.signal(idOf('b'), 'hello')
  expect(await b.next()).toEqual({ type: 'signal', from: idOf('a'), data: 'hello' })
  command.child.kill('SIGTERM')
  expect(await a.next()).toMatchObject({ type: 'closing', why: 'restart' })
  expect(await refusedStatus(url)).toBe(503)
  expect((await a.ended).name).toBe('restart')
  expect((await b.ended).name).toBe('restart')
  expect(await command.exited).toBe(0)
  expect(command.stderr).toBe('')
})

test('[SG25] nothing that a peer sends is printed, whatever it does', async () => {
  const marker = 'zebra'
  const command = new Cli('--port', '0')
  const url = await command.url()
  const a = await TestClient.join(url, idOf('a'), `room of ${marker}`)
  a.signal(idOf('a'), `{"sdp":"${marker}"}`)
  expect(await a.next()).toMatchObject({ type: 'signal', data: `{"sdp":"${marker}"}` })
  a.signal(idOf('b'), marker)
  expect(await a.next()).toMatchObject({ code: 'no-such-peer' })
  for (const text of [marker, `{"type":"${marker}"}`, `{"type":"leave","${marker}":1}`]) {
    const bad = await TestClient.dial(url, { headers: { 'User-Agent': marker } })
    bad.socket.send(text)
    await bad.ended
  }
  command.child.kill('SIGTERM')
  expect(await command.exited).toBe(0)
  expect(command.stdout + command.stderr).not.toContain(marker)
  expect(command.stdout).toContain('stopped')
})

test('[SG27] a second signal ends a long drain at once, with exit code 1', async () => {
  const command = new Cli('--port', '0', '--drain-ms', '999999999')
  const a = await TestClient.join(await command.url(), idOf('a'))
  command.child.kill('SIGINT')
  expect(await a.next()).toMatchObject({ type: 'closing', why: 'restart' })
  command.child.kill('SIGINT')
  expect(await a.next()).toMatchObject({ type: 'closing', why: 'shutdown' })
  expect((await a.ended).name).toBe('going-away')
  expect(await command.exited).toBe(1)
})

test('[SG27] the star is said aloud, and flags reach the server', async () => {
  const command = new Cli('--port', '0', '--path', '/meet', '--origin', '*')
  const url = await command.url()
  expect(new URL(url).pathname).toBe('/meet')
  await TestClient.dial(url, { origin: 'https://any.example' })
  expect(command.stderr).toContain('every page on the web')
})

test('[SG27] --help prints the flags and exits 0', async () => {
  const command = new Cli('--help')
  expect(await command.exited).toBe(0)
  expect(command.stdout).toContain('--drain-ms')
})

test.each([
  [['--prot', '1'], '--prot'],
  [['--port', '70000'], 'port must be'],
  [['--origin', 'app.example'], '"app.example" is not an origin'],
])('[SG27] bad flags %j exit 2 and say what is wrong', async (words, part) => {
  const command = new Cli(...words)
  expect(await command.exited).toBe(2)
  expect(command.stderr).toContain(part)
  expect(command.stdout).toBe('')
})

test('[SG27] a taken port exits 1 and names it', async () => {
  const { port } = await serve()
  const command = new Cli('--port', String(port))
  expect(await command.exited).toBe(1)
  expect(command.stderr).toContain(String(port))
})
