/** The arrows of .dependency-cruiser.cjs, tried on a small tree in which every import is known to be right or wrong. */
import { mkdirSync, mkdtempSync, copyFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../process/run-command.ts'

const top = resolve(import.meta.dirname, '../..')

/** What each package of the sample says it depends on. */
const manifests: Readonly<Record<string, readonly string[]>> = {
  'packages/core': ['idb', '@msgpack/msgpack'],
  'packages/signaling-protocol': ['ws'],
  'packages/signaling-server': ['ws', '@unanimous/signaling-protocol'],
  'packages/webrtc-transport': ['simple-peer', '@unanimous/core', '@unanimous/signaling-protocol'],
  'packages/unanimous': ['@unanimous/core', '@unanimous/webrtc-transport'],
  'packages/demo-app': [
    'unanimous',
    '@unanimous/signaling-server',
    '@unanimous/core',
    '@unanimous/tools',
    '@playwright/test',
  ],
  e2e: ['unanimous', '@unanimous/tools', '@playwright/test'],
  tools: [],
}
const nameOf = (folder: string): string =>
  folder === 'packages/unanimous' ? 'unanimous' : folder.replace(/^(packages\/)?/, '@unanimous/')

/** Files that importers below point at; empty ones but for a name to import. */
const targets = [
  'packages/core/src/index.ts',
  'packages/core/src/internal.ts',
  'packages/core/src/indexeddb.ts',
  ...['base', 'protocol', 'overlay', 'replica', 'codec', 'runtime', 'ports', 'storage'].map(
    (name) => `packages/core/src/${name}/target.ts`,
  ),
  ...['signaling-protocol', 'signaling-server', 'webrtc-transport', 'unanimous'].map(
    (name) => `packages/${name}/src/index.ts`,
  ),
  'packages/unanimous/src/inner.ts',
  'tools/chromium/chromium.ts',
  'tools/process/run-command.ts',
]

/** [who, imports what, the rule that must object] */
const imports: readonly (readonly [from: string, to: string, rule: string | undefined])[] = [
  ['packages/core/src/protocol/a.ts', '../base/target.ts', undefined],
  ['packages/core/src/replica/a.ts', '../overlay/target.ts', undefined],
  ['packages/core/src/runtime/a.ts', '../replica/target.ts', undefined],
  ['packages/core/src/runtime/b.ts', '../ports/target.ts', undefined],
  ['packages/core/src/storage/a.ts', '../codec/target.ts', undefined],
  ['packages/core/src/testing/a.ts', '../storage/target.ts', undefined],
  ['packages/core/src/testing.ts', './storage/target.ts', undefined],
  ['packages/core/src/storage/indexeddb-storage.ts', 'idb', undefined],
  ['packages/core/src/codec/a.ts', '@msgpack/msgpack', undefined],
  ['packages/webrtc-transport/src/a.ts', '@unanimous/core', undefined],
  ['packages/webrtc-transport/src/peer-channel.ts', 'simple-peer', undefined],
  ['packages/unanimous/src/a.ts', '@unanimous/webrtc-transport', undefined],
  ['packages/unanimous/src/b.ts', '@unanimous/core/indexeddb', undefined],
  ['packages/signaling-server/src/socket.ts', 'ws', undefined],
  ['packages/signaling-server/src/cli.ts', 'node:http', undefined],
  ['packages/demo-app/src/a.ts', 'unanimous', undefined],
  ['packages/demo-app/cli/demo.ts', '@unanimous/signaling-server', undefined],
  ['packages/demo-app/cli/a.ts', '@unanimous/tools/chromium', undefined],
  ['packages/demo-app/cli/b.ts', '@playwright/test', undefined],
  ['e2e/a.spec-support.ts', 'unanimous', undefined],

  ['packages/core/src/base/x.ts', '../protocol/target.ts', 'not-in-allowed'],
  ['packages/core/src/protocol/x.ts', '../overlay/target.ts', 'not-in-allowed'],
  ['packages/core/src/codec/x.ts', '../ports/target.ts', 'not-in-allowed'],
  ['packages/core/src/ports/x.ts', '../overlay/target.ts', 'not-in-allowed'],
  ['packages/core/src/runtime/x.ts', '../storage/target.ts', 'not-in-allowed'],
  ['packages/core/src/storage/x.ts', '../runtime/target.ts', 'not-in-allowed'],
  ['packages/core/src/storage/y.ts', 'idb', 'idb-fence'],
  ['packages/core/src/runtime/y.ts', '@msgpack/msgpack', 'msgpack-fence'],
  ['packages/core/src/runtime/z.ts', 'node:fs', 'not-in-allowed'],
  ['packages/core/src/runtime/w.ts', 'not-installed', 'resolvable'],
  ['packages/webrtc-transport/src/x.ts', 'simple-peer', 'simple-peer-fence'],
  ['packages/webrtc-transport/src/y.ts', '@unanimous/core/internal', 'not-in-allowed'],
  ['packages/webrtc-transport/src/z.ts', '../../core/src/base/target.ts', 'not-in-allowed'],
  ['packages/unanimous/src/x.ts', '@unanimous/core/internal', 'not-in-allowed'],
  ['packages/demo-app/src/x.ts', '../../unanimous/src/inner.ts', 'not-in-allowed'],
  ['packages/demo-app/src/y.ts', '@unanimous/core', 'not-in-allowed'],
  ['packages/demo-app/src/z.ts', '@unanimous/signaling-server', 'not-in-allowed'],
  ['packages/demo-app/src/w.ts', '@playwright/test', 'playwright-fence'],
  ['packages/demo-app/cli/x.ts', '../../../tools/process/run-command.ts', 'not-in-allowed'],
  ['packages/signaling-protocol/src/x.ts', '../../core/src/index.ts', 'not-in-allowed'],
  ['e2e/x.ts', '../packages/unanimous/src/inner.ts', 'not-in-allowed'],
  ['packages/signaling-protocol/src/y.ts', 'ws', 'ws-fence'],
  ['packages/unanimous/src/round.ts', './trip.ts', 'acyclic'],
]

const libraries = ['idb', '@msgpack/msgpack', 'simple-peer', 'ws', '@playwright/test']

let sample: string
let complaints: ReadonlyMap<string, string>

function write(path: string, text: string): void {
  const full = join(sample, path)
  mkdirSync(dirname(full), { recursive: true })
  writeFileSync(full, text)
}

function link(target: string, path: string): void {
  mkdirSync(dirname(join(sample, path)), { recursive: true })
  symlinkSync(join(sample, target), join(sample, path), 'junction')
}

function writeManifest(folder: string, dependencies: readonly string[]): void {
  const entry = (name: string): Record<string, string> => ({
    '@unanimous/source': `./src/${name}.ts`,
    default: `./dist/${name}.js`,
  })
  const exports =
    folder === 'tools'
      ? { './chromium': './chromium/chromium.ts' }
      : { '.': entry('index'), './internal': entry('internal'), './indexeddb': entry('indexeddb') }
  const versions = Object.fromEntries(dependencies.map((name) => [name, '*']))
  write(
    `${folder}/package.json`,
    JSON.stringify({ name: nameOf(folder), type: 'module', exports, dependencies: versions }),
  )
  for (const name of dependencies) {
    const inside = Object.keys(manifests).find((other) => nameOf(other) === name)
    link(inside ?? `node_modules/${name}`, `${folder}/node_modules/${name}`)
  }
}

interface Cruise {
  readonly summary: {
    readonly violations: readonly {
      readonly from: string
      readonly to: string
      readonly rule: { readonly name: string }
    }[]
  }
}

beforeAll(async () => {
  sample = mkdtempSync(join(tmpdir(), 'unanimous-arrows-'))
  copyFileSync(join(top, 'tsconfig.base.json'), join(sample, 'tsconfig.base.json'))
  write('package.json', '{ "private": true, "type": "module" }')
  for (const name of libraries) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }))
    write(`node_modules/${name}/index.js`, '')
  }
  for (const path of targets) write(path, 'export type Target = string\nexport const target = 1\n')
  for (const [folder, dependencies] of Object.entries(manifests)) {
    writeManifest(folder, dependencies)
  }
  // One in two imports a type only, which must count as much as any other.
  for (const [at, [from, to]] of imports.entries()) {
    const what = at % 2 === 0 ? 'type { Target }' : '{ target }'
    write(from, to.startsWith('.') ? `export ${what} from '${to}'\n` : `import '${to}'\n`)
  }
  write('packages/unanimous/src/trip.ts', "export { target } from './round.ts'\n")
  const cli = join(top, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const finished = await runCommand(
    process.execPath,
    [
      ...[cli, 'packages', 'e2e', 'tools', '--output-type', 'json'],
      ...['--config', join(top, '.dependency-cruiser.cjs')],
    ],
    { directory: sample, limitMs: 60_000 },
  )
  const cruise = JSON.parse(finished.output) as Cruise
  complaints = new Map(cruise.summary.violations.map((each) => [each.from, each.rule.name]))
})

afterAll(() => {
  rmSync(sample, { recursive: true, force: true })
})

test.each(imports)('%s that imports %s meets %s', (from, _to, rule) => {
  expect(complaints.get(from)).toBe(rule)
})
