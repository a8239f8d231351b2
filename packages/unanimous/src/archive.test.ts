import { snapshotBytesMax } from '@unanimous/core'
import { expect, test } from 'vitest'
import { readArchive, readArchiveFor, writeArchive } from './archive.ts'
import type { BadArchiveReason } from './errors.ts'
import { BadArchive, BadOption } from './errors.ts'
import { createGroup } from './create-group.ts'
import { defineMachine } from './machine.ts'
import { savedOf } from './saved-state.ts'

const machine = { name: 'notes', version: 1 }
const state = { b: ['one', { 2: 'two', 1: null }], a: 1.5e-7 }
const at = new Date('2026-11-26T05:00:00.000Z')

const made = (): Blob =>
  writeArchive({
    ...{ machine, group: 'c'.repeat(64), epoch: 1, index: 42, at },
    saved: savedOf(state),
  })

test('[AR1] an archive says what it is of, and holds the state as it was', async () => {
  const archive = await readArchive(made())
  expect(archive).toEqual({ machine, group: 'c'.repeat(64), epoch: 1, index: 42, at, state })
  expect(JSON.stringify(archive.state)).toBe(JSON.stringify(state))
  expect(await readArchiveFor(machine, made())).toEqual({ state: savedOf(state), version: 1 })
  const later = { name: 'notes', version: 3, previous: [{ version: 1 }] }
  expect(await readArchiveFor(later, made())).toMatchObject({ version: 1 })
})

const edited = async (edit: (text: string) => string): Promise<Blob> =>
  new Blob([edit(await made().text())])

test.each<{ readonly why: BadArchiveReason; readonly edit: (text: string) => string }>([
  { why: 'not-an-archive', edit: () => 'a holiday picture' },
  { why: 'not-an-archive', edit: () => '{"format":"another"}' },
  { why: 'not-an-archive', edit: () => '[1]' },
  { why: 'not-an-archive', edit: (text) => text.slice(0, -20) },
  { why: 'damaged', edit: (text) => text.replace('"one"', '"One"') },
  { why: 'damaged', edit: (text) => text.replace('"index":42', '"index":43') },
  { why: 'other-format', edit: (text) => text.replace('"formatVersion":1', '"formatVersion":2') },
  { why: 'too-large', edit: () => ' '.repeat(snapshotBytesMax + 5000) },
])('[AR2] a file that is no archive is refused as $why', async ({ why, edit }) => {
  const refusal = await readArchive(await edited(edit)).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(BadArchive)
  expect(refusal).toMatchObject({ code: 'bad-archive', why })
})

test.each([
  { name: 'chess', version: 1, why: 'other-machine' },
  { name: 'notes', version: 2, why: 'other-version' },
])('[AR2] a file of another application is refused: $why', async ({ why, ...other }) => {
  await expect(readArchiveFor(other, made())).rejects.toMatchObject({ why })
})

const notes = defineMachine({
  name: 'notes',
  version: 1,
  initial: (): readonly string[] => [],
  commands: { add: (list, note: string) => [...list, note] },
})

const common = { room: 'archives', machine: notes, signal: 'ws://localhost:9' } as const

test('[AR4] whoever may not found begins nothing from a file, and a bad file begins nothing', async () => {
  const archive = made()
  for (const more of [{ found: 'never' }, { role: 'observer' }] as const) {
    await expect(createGroup({ ...common, ...more, archive })).rejects.toBeInstanceOf(BadOption)
  }
  const broken = new Blob(['broken'])
  await expect(createGroup({ ...common, archive: broken })).rejects.toBeInstanceOf(BadArchive)
})
