/** `pnpm soak`: tests that take longer than the checks of every day have time for. Knows no trouble itself. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const help = [
  'usage: pnpm soak [--minutes N] [--seed N]',
  '',
  'Five real tabs are reloaded, hidden, stalled and cut off at random, and propose all the while. At the end they must agree,',
  'no invariant may be broken, and one order must explain what every caller was told. Then a whole browser is killed twenty',
  'times, three tabs decide a hundred thousand commands and keep little of them, twelve tabs are opened, of which nine observe,',
  'and the lab plays every network that it is shown with, with the numbers of the simulator. Last comes an hour of comings and',
  'goings in the simulator.',
  '',
  '  --minutes N   how long; 10 unless told',
  '  --seed N      which troubles, in which order; drawn and printed unless told',
].join('\n')

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const minutes = Number(values.minutes)
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9))
if (values.help || !(minutes > 0) || !Number.isSafeInteger(seed) || seed < 0) {
  console.log(help)
  process.exit(values.help ? 0 : 2)
}
console.log(`soak: ${minutes} minutes, --seed ${seed}`)
const library = createRequire(import.meta.url).resolve('@playwright/test/package.json')
const top = resolve(import.meta.dirname, '../..')
const tabs = [
  'soak.test.ts',
  'kill.test.ts',
  'storage-bound.test.ts',
  'observers.test.ts',
  'demo-lab.test.ts',
  'demo-frames.test.ts',
].map((name) => `e2e/${name}`)
const runs: readonly (readonly string[])[] = [
  [join(dirname(library), 'cli.js'), 'test', '-c', 'e2e', ...tabs],
  ['tools/run.mjs', 'packages/simulator/cli/sim.ts', 'churn', '--seed', String(seed)],
]
const statuses = runs.map(
  (words) =>
    spawnSync(process.execPath, words, {
      cwd: top,
      stdio: 'inherit',
      env: {
        ...process.env,
        NODE_OPTIONS: '--conditions=@unanimous/source',
        SOAK_MINUTES: String(minutes),
        SOAK_SEED: String(seed),
      },
    }).status ?? 1,
)
process.exit(Math.max(...statuses))
