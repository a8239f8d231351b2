import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const workspace = resolve(import.meta.dirname, '../../..')
const cli = resolve(import.meta.dirname, 'cli.ts')
const invite = `https://app.example/?room=r#group=${'0123456789abcdef'.repeat(4)}&machine=m&secret=zebra`

class Cli {
  readonly child: ChildProcess
  readonly exited: Promise<number | null>
  stdout = ''
  stderr = ''

  constructor(...words: readonly string[]) {
    this.child = spawn(
      process.execPath,
      ['--conditions=@unanimous/source', '--import', 'tsx', cli, ...words],
      { cwd: workspace, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    this.child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()))
    this.child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()))
    this.exited = once(this.child, 'close').then(([code]) => code as number | null)
    onTestFinished(() => void this.child.kill('SIGKILL'))
  }

  async untilTold(part: string): Promise<void> {
    while (!this.stdout.includes(part)) {
      const ended = this.exited.then((code) => {
        throw new Error(`exited with ${String(code)}: ${this.stderr}`)
      })
      await Promise.race([once(this.child.stdout ?? this.child, 'data'), ended])
    }
  }
}

test('[NP6] the command takes part until SIGTERM, keeps its folder to itself, and shows no secret', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unanimous-peer-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const words = ['--invite', invite, '--data', folder, '--signal', 'ws://127.0.0.1:1']
  const first = new Cli(...words, '--json')
  await first.untilTold('"event":"status"')
  const second = new Cli(...words)
  expect(await second.exited).toBe(1)
  expect(second.stderr).toContain(`Another process uses the folder ${folder}`)
  first.child.kill('SIGTERM')
  expect(await first.exited).toBe(0)
  const lines = first.stdout.trim().split('\n')
  const events = lines.map((line) => (JSON.parse(line) as { readonly event: string }).event)
  expect(events.filter((event) => event !== 'status')).toEqual(['opened', 'stopping', 'stopped'])
  expect(first.stdout + first.stderr + second.stderr).not.toContain('zebra')
})

test('[NP6] bad flags exit 2 and say what is wrong', async () => {
  const command = new Cli('--invite', invite)
  expect(await command.exited).toBe(2)
  expect(command.stderr).toContain('names no signaling server')
})
