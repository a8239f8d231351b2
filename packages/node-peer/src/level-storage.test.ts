import type { Storage } from '@unanimous/core'
import { StorageError } from '@unanimous/core'
import { createMemoryWorld, describeStorageContract } from '@unanimous/core/testing'
import { ClassicLevel } from 'classic-level'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { FolderInUse } from './errors.ts'
import { deleteLevelStorage, levelStorage } from './level-storage.ts'

const homes: string[] = []
const opened: Storage[] = []

function freshHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'unanimous-level-'))
  homes.push(home)
  return home
}

async function open(folder: string): Promise<Storage> {
  const storage = await levelStorage(folder)
  opened.push(storage)
  return storage
}

async function clean(): Promise<void> {
  await Promise.all(opened.splice(0).map((storage) => storage.close()))
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true })
}

const record = (...bytes: readonly number[]): Uint8Array => Uint8Array.from(bytes)

const refusalOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'not refused',
    (error: unknown) => error,
  )

/** With three records in it, closed. */
async function written(): Promise<string> {
  const folder = join(freshHome(), 'store')
  const storage = await open(folder)
  await storage.load()
  for (const byte of [1, 2, 3]) await storage.append(record(byte, byte, byte, byte))
  await storage.close()
  return folder
}

const logOf = (folder: string): string => {
  const name = readdirSync(folder).find((each) => each.endsWith('.log'))
  return join(folder, name ?? '')
}

afterEach(async () => {
  vi.restoreAllMocks()
  await clean()
})

describeStorageContract({ describe, it, expect }, 'a folder', () => {
  const home = freshHome()
  return Promise.resolve({ open: (name) => open(join(home, name)), clean })
})

describe('a store in a folder', () => {
  it('[NP1] is flushed to the disk with each record, in one write', async () => {
    const put = vi.spyOn(ClassicLevel.prototype, 'put')
    const batch = vi.spyOn(ClassicLevel.prototype, 'batch')
    const storage = await open(freshHome())
    await storage.load()
    await storage.append(record(1))
    await storage.append(record(2))
    await storage.replace(record(3))
    expect(put.mock.calls.map(([, , options]) => options)).toEqual([{ sync: true }, { sync: true }])
    expect(batch.mock.calls.map((call) => call.at(-1))).toEqual([{ sync: true }])
  })

  it('[NP1] holds what it acknowledged when its process is killed', async () => {
    const folder = freshHome()
    const script = resolve(import.meta.dirname, '../test/append-forever.ts')
    const child = spawn(
      process.execPath,
      ['--conditions=@unanimous/source', '--import', 'tsx', script, folder],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let output = ''
    for await (const chunk of child.stdout) {
      output += String(chunk)
      if (output.split('\n').length > 200) break
    }
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    const acknowledged = output.split('\n').slice(0, -1).length
    const records = await (await open(folder)).load()
    expect(records.length).toBeGreaterThanOrEqual(acknowledged)
    const texts = records.map((each) => new TextDecoder().decode(each))
    expect(texts).toEqual(texts.map((_, at) => `record ${at}`))
  })

  it('[NP14] its outbox is not flushed, and a journal that begins anew leaves it alone', async () => {
    const batch = vi.spyOn(ClassicLevel.prototype, 'batch')
    const folder = freshHome()
    const storage = await open(folder)
    await storage.load()
    await storage.append(record(1))
    await storage.outbox?.write([{ key: '1.0', record: record(2) }])
    expect(batch.mock.calls.map((call) => call.at(-1))).toEqual([{ sync: false }])
    await storage.replace(record(3))
    await storage.close()
    const again = await open(folder)
    expect(await again.load()).toEqual([record(3)])
    expect(await again.outbox?.load()).toEqual([record(2)])
  })

  it('[NP14] nothing is written behind an outbox that failed', async () => {
    const storage = await open(freshHome())
    await storage.load()
    const full = new Error('IO error: No space left on device')
    vi.spyOn(ClassicLevel.prototype, 'batch').mockRejectedValueOnce(full)
    const refusal = await refusalOf(storage.outbox?.write([]) ?? Promise.resolve())
    expect(refusal).toBeInstanceOf(StorageError)
    expect(await refusalOf(storage.append(record(1)))).toBeInstanceOf(StorageError)
  })

  it('[NP14] what a start was about to learn, the next one asks for again', async () => {
    const home = freshHome()
    const world = createMemoryWorld((name) => open(join(home, name)))
    const nodes = await world.form('a', 'b', 'c')
    const at = nodes.findIndex(({ replica }) => replica.status().rung !== 'leader')
    const author = nodes[at]
    if (author === undefined) return expect.fail()
    world.hub.loseWhen(({ from }) => from === author.id)
    author.replica.propose(record(7))
    await world.clock.advance(100)
    author.replica.closeNow()
    await author.disk.close()
    world.hub.loseWhen()
    const again = await world.open(['a', 'b', 'c'][at] ?? '')
    expect(again.replica.resumed.map(({ command }) => [...command])).toEqual([[7]])
    const others = nodes.filter((node) => node !== author)
    await world.until(() => [...others, again].every(({ applied }) => applied.length === 1))
    for (const { replica } of [...others, again]) replica.closeNow()
  })

  it('[NP2] a write that was torn off leaves the records before it', async () => {
    const folder = await written()
    const log = logOf(folder)
    truncateSync(log, readFileSync(log).length - 2)
    const storage = await open(folder)
    expect(await storage.load()).toEqual([record(1, 1, 1, 1), record(2, 2, 2, 2)])
  })

  it('[NP2] a record that is damaged or missing among the others is found', async () => {
    const folder = await written()
    const database = new ClassicLevel(folder)
    await database.del('000000000001')
    await database.close()
    expect(await refusalOf((await open(folder)).load())).toMatchObject({
      code: 'storage',
      message: `The store in ${folder} lacks some of its records. Delete the folder to join the group anew.`,
    })
  })

  it('[NP2] files that are no store are refused with a sentence', async () => {
    const folder = await written()
    writeFileSync(join(folder, 'CURRENT'), 'nonsense')
    const refusal = await refusalOf(levelStorage(folder))
    expect(refusal).toBeInstanceOf(StorageError)
    expect(String(refusal)).toContain(`The store in ${folder} does not open`)
  })

  it('[NP3] a write that fails says why, and nothing is written after it', async () => {
    const storage = await open(freshHome())
    await storage.load()
    await storage.append(record(1))
    const full = new Error('IO error: No space left on device')
    const put = vi.spyOn(ClassicLevel.prototype, 'put').mockRejectedValueOnce(full)
    const refusal = await refusalOf(storage.append(record(2)))
    expect(refusal).toMatchObject({ code: 'storage', cause: full })
    expect(String(refusal)).toContain('No space left on device')
    expect(await refusalOf(storage.append(record(3)))).toBeInstanceOf(StorageError)
    expect(put).toHaveBeenCalledTimes(1)
    expect(await storage.load()).toEqual([record(1)])
  })

  it('[NP4] a folder that is deleted under it is told once, and written to no more', async () => {
    const folder = join(freshHome(), 'store')
    const storage = await open(folder)
    await storage.load()
    const told: string[] = []
    storage.onLost((why) => told.push(why))
    rmSync(folder, { recursive: true })
    for (const each of [1, 2]) {
      expect(await refusalOf(storage.append(record(each)))).toBeInstanceOf(StorageError)
    }
    expect(told).toEqual([`The folder ${folder} was deleted.`])
  })

  it('[NP5] is open once at a time, and free when it is closed', async () => {
    const folder = freshHome()
    const storage = await open(folder)
    const refusal = await refusalOf(levelStorage(folder))
    expect(refusal).toBeInstanceOf(FolderInUse)
    expect(String(refusal)).toContain(folder)
    await storage.close()
    await (await open(folder)).load()
  })

  it('[NP5] is deleted when it is closed', async () => {
    const folder = await written()
    await deleteLevelStorage(folder)
    expect(await (await open(folder)).load()).toEqual([])
  })
})
