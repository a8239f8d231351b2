/**
 * Searches the small model in spec/ to its end, and its controls until they fail; writes spec/RESULT.md.
 * usage: npx -y pnpm spec [--quick]
 */
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { runCommand } from '../process/run-command.ts'
import type { SpecRun } from './runs.ts'
import { runs } from './runs.ts'
import type { Searched } from './spin.ts'
import { search } from './spin.ts'

const folder = resolve(import.meta.dirname, '../../spec')

const isGood = ({ fails }: SpecRun, { errors }: Searched): boolean =>
  errors !== undefined && errors > 0 === fails

function rowOf([run, searched]: readonly [SpecRun, Searched]): string {
  const { errors, states, depth, seconds, megabytes, why } = searched
  const defines = Object.entries(run.defines).map(([name, value]) => `${name}=${value}`)
  const found = errors === undefined ? `not finished: ${why}` : errors === 0 ? 'holds' : 'violated'
  const verdict = isGood(run, searched) ? found : `**${found}**`
  const figures = [states.toLocaleString('en'), depth, seconds.toFixed(1), Math.round(megabytes)]
  return `| ${[run.name, `\`${defines.join(' ')}\``, verdict, ...figures].join(' | ')} |`
}

async function main(words: readonly string[]): Promise<number> {
  const quick = words.includes('--quick')
  const wanted = runs.filter(({ long }) => !quick || !long)
  const results: (readonly [SpecRun, Searched])[] = []
  for (const run of wanted) {
    process.stderr.write(`${run.name} …\n`)
    const searched = await search(join(folder, 'unanimous.pml'), run)
    results.push([run, searched])
    console.log(rowOf([run, searched]))
  }
  const good = results.every(([run, searched]) => isGood(run, searched))
  if (!quick) {
    const { output } = await runCommand('spin', ['-V'], { limitMs: 10_000 })
    const page = [
      '# What Spin found',
      '',
      `Exhaustive searches of [the model](./README.md) by ${output.trim()}, gcc -O2, on one core. \`npx -y pnpm spec\` writes this page.`,
      'A control is a model with one rule broken: there agreement must be violated, or the model could not tell.',
      '',
      '| Bound | Defined | Agreement | States | Depth | Seconds | MB |',
      '| --- | --- | --- | --: | --: | --: | --: |',
      ...results.map(rowOf),
      '',
    ]
    writeFileSync(join(folder, 'RESULT.md'), page.join('\n'))
  }
  console.log(good ? 'All as it must be.' : 'Something is not as it must be.')
  return good ? 0 : 1
}

try {
  process.exitCode = await main(process.argv.slice(2).filter((word) => word !== '--'))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
