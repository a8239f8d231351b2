import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { exclusively } from './exclusive.ts'

const unique = (name: string): string => `test-${name}-${String(process.pid)}`

test('callers of one name run one after the other, and each result comes back', async () => {
  const name = unique('turns')
  let inside = 0
  let most = 0
  const work = async (): Promise<number> => {
    inside += 1
    most = Math.max(most, inside)
    await new Promise((resolve) => setImmediate(resolve))
    inside -= 1
    return inside
  }
  const results = await Promise.all(Array.from({ length: 20 }, () => exclusively(name, work)))
  expect(results).toEqual(Array.from({ length: 20 }, () => 0))
  expect(most).toBe(1)
})

test('work that fails frees the name and the failure comes back', async () => {
  const name = unique('failure')
  await expect(exclusively(name, () => Promise.reject(new Error('broken')))).rejects.toThrow(
    'broken',
  )
  await expect(exclusively(name, () => Promise.resolve('next'))).resolves.toBe('next')
})

test('different names do not wait for each other', async () => {
  const nested = exclusively(unique('outer'), () =>
    exclusively(unique('inner'), () => Promise.resolve('both')),
  )
  await expect(nested).resolves.toBe('both')
})

test.skipIf(process.platform !== 'linux' && process.platform !== 'win32')(
  'a holder in another process that is killed frees the name',
  async () => {
    const name = unique('killed')
    const module = pathToFileURL(join(import.meta.dirname, 'exclusive.ts')).href
    const script = `
      import { exclusively } from ${JSON.stringify(module)}
      await exclusively(${JSON.stringify(name)}, () => {
        process.stdout.write('held')
        return new Promise(() => setInterval(() => {}, 1000))
      })`
    const holder = spawn(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    await once(holder.stdout, 'data')
    let waited = false
    const turn = exclusively(
      name,
      () => Promise.resolve(waited),
      () => {
        waited = true
        holder.kill('SIGKILL')
      },
    )
    await expect(turn).resolves.toBe(true)
  },
)
