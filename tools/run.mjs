/**
 * Runs one TypeScript file of this workspace with Node, reading every package from its sources.
 * usage: node tools/run.mjs FILE [ARGUMENTS]
 */
import { spawn } from 'node:child_process'

const [file, ...rest] = process.argv.slice(2)
const child = spawn(
  process.execPath,
  ['--conditions=@unanimous/source', '--import', 'tsx', file, ...rest],
  { stdio: 'inherit' },
)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)))
