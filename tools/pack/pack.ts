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

function publicPackages(): readonly Manifest[] {
  return readdirSync(join(top, 'packages'))
    .map((name) => join(top, 'packages', name, 'package.json'))
    .map((path) => JSON.parse(readFileSync(path, 'utf8')) as Manifest)
    .filter((manifest) => manifest.private !== true)
}

/** Builds everything, then packs every public package into `target`. Rejects with what failed. */
export async function packAll(target: string): Promise<readonly Packed[]> {
  mkdirSync(target, { recursive: true })
  await run(top, process.execPath, join(top, 'node_modules/typescript/bin/tsc'), '-b')
  const all = publicPackages()
  const filters = all.flatMap(({ name }) => ['--filter', name])
  await run(top, 'npx', '-y', 'pnpm', '-r', ...filters, 'pack', '--pack-destination', target)
  return all.map(({ name, version }) => {
    const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`
    return { name, tarball: join(target, file) }
  })
}
