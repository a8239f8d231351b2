/**
 * Runs worlds by their seeds and says which of them show something wrong.
 * usage: node tools/run.mjs packages/simulator/cli/fuzz.ts FIRST [COUNT] [--stack]
 */
import { fuzz, optionsFrom } from '../src/fuzz.ts'

const [first = '0', count = '1', ...flags] = process.argv.slice(2)
const begin = Number(first)
const total = { steps: 0, decided: 0, answered: 0, configurations: 0, leaderships: 0, failed: 0 }
const times: number[] = []
for (let seed = begin; seed < begin + Number(count); seed += 1) {
  try {
    const verdict = fuzz(optionsFrom(seed))
    total.steps += verdict.steps
    total.decided += verdict.decided
    total.answered += verdict.acknowledged
    total.configurations += verdict.configurations
    total.leaderships += verdict.leaderships
    times.push(verdict.convergedMs)
  } catch (error) {
    total.failed += 1
    process.exitCode = 1
    console.error(flags.includes('--stack') || !(error instanceof Error) ? error : error.message)
  }
}
times.sort((a, b) => a - b)
const quantile = (part: number): number => times[Math.floor((times.length - 1) * part)] ?? 0
const cpuMs = Math.round(process.cpuUsage().user / 1000)
console.log(
  [
    `${count} worlds from seed ${first}: ${total.failed} failed`,
    `${total.steps} steps, ${total.decided} decided, ${total.answered} answered`,
    `${total.configurations} configurations, ${total.leaderships} leaderships`,
    `converged in ${quantile(0.5)} ms (median), ${quantile(0.99)} ms (99 %), ${quantile(1)} ms (most)`,
    `${cpuMs} ms of CPU`,
  ].join('; '),
)
