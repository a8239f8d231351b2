import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { BadMachine } from './errors.ts'
import { loadMachine } from './machine-file.ts'

const machine = (name: string): string =>
  `{ name: '${name}', version: 1, initial: () => ({}), commands: { pass: (state) => state } }`

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'unanimous-machine-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'machine.mjs')
  writeFileSync(path, text)
  return path
}

test.each([
  ['the default', `export default ${machine('seats')}; export const other = ${machine('other')}`],
  ['machine', `export const machine = ${machine('seats')}; export const other = ${machine('o')}`],
  ['the only one', `export const seats = ${machine('seats')}; export const other = 1`],
])('[NP7] a machine is what its module exports as %s', async (_, text) => {
  expect((await loadMachine(fileWith(text))).name).toBe('seats')
})

test('[NP7] what a machine was before may stand beside it', async () => {
  const text = `export const seats = ${machine('seats')}; export const today = { ...seats, version: 2, previous: [seats] }`
  expect((await loadMachine(fileWith(text))).version).toBe(2)
})

test.each([
  ['no machine', 'export default 1', 'exports no machine'],
  ['two', `export const a = ${machine('a')}; export const b = ${machine('b')}`, 'several machines'],
  ['a mistake', 'export default (', 'does not load'],
  ['no version', `export default { ...${machine('a')}, version: 0 }`, 'The version of machine a'],
])('[NP7] a module with %s is refused with a sentence', async (_, text, part) => {
  const refusal: unknown = await loadMachine(fileWith(text)).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(BadMachine)
  expect(String(refusal)).toContain(part)
})
