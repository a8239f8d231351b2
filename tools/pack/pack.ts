/** The packages as they are published: builds them and packs each into a tarball. Knows the workspace; publishes nothing. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { runCommand, whyNot } from '../process/run-command.ts'

const limitMs = 300_000

export interface Packed {
  /** Of the package, as it is imported. */
  readonly name: string
  /** Full path. */
  readonly tarball: string
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
}

const top = resolve(import.meta.dirname, '../..')

async function run(directory: string, program: string, ...words: readonly string[]): Promise<void> {
  const finished = await runCommand(program, words, { directory, limitMs })
  if (finished.code === 0) return
  throw new Error(`${program} ${words.join(' ')} did not work: ${whyNot(finished)}`)
}

/** The public packages of this workspace. */
export function publicPackages(): readonly {
  readonly folder: string
  readonly manifest: Manifest
}[] {
  return readdirSync(join(top, 'packages'))
    .map((name) => join(top, 'packages', name))
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest,
    }))
    .filter(({ manifest }) => manifest.private !== true)
}

/** Builds everything, then packs every public package into `target`. Rejects with what failed. */
export async function packAll(target: string): Promise<readonly Packed[]> {
  mkdirSync(target, { recursive: true })
  await run(top, process.execPath, join(top, 'node_modules/typescript/bin/tsc'), '-b')
  const packed: Packed[] = []
  for (const { folder, manifest } of publicPackages()) {
    await run(folder, 'npx', '-y', 'pnpm', 'pack', '--pack-destination', target)
    const file = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`
    packed.push({ name: manifest.name, tarball: join(target, file) })
  }
  return packed
}
