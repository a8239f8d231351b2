/** The command `pnpm bench`: which parts run, what is printed where, and the exit code. The parts are in files beside it. */
import { cpus, platform, release } from 'node:os'
import { BenchError } from './bench-error.ts'
import type { BenchOptions } from './command-line.ts'
import { helpText, readRequest } from './command-line.ts'
import { measureFailOver } from './fail-over.ts'
import { measureLatency } from './latency.ts'
import { measureMemory } from './memory.ts'
import { createProfiler } from './profiler.ts'
import type { Machine, Measured } from './report.ts'
import { targetsOf, textOf } from './report.ts'
import type { Stand } from './stand.ts'
import { measureSimulator } from './simulator.ts'
import { openStand } from './stand.ts'
import { measureThroughput } from './throughput.ts'

const startMs = performance.now()
const seconds = (): number => (performance.now() - startMs) / 1000
const print = (text: string): void => void process.stdout.write(`${text}\n`)
const say = (line: string): void =>
  void process.stderr.write(`${seconds().toFixed(1).padStart(6)} s  ${line}\n`)

const machineOf = ({ browser }: Stand): Machine => ({
  cores: cpus().length,
  cpu: cpus()[0]?.model ?? 'an unknown processor',
  platform: `${platform()} ${release()}`,
  browser: `Chromium ${browser.version()}`,
  node: process.version,
})

async function measure(stand: Stand, options: BenchOptions): Promise<Measured> {
  const { only, quick, profile } = options
  const size = quick ? 'quick' : 'full'
  const profiler = createProfiler(profile)
  const told = async <T>(part: string, run: () => Promise<T>): Promise<T> => {
    say(`${part}: begins`)
    const result = await run()
    say(`${part}: done`)
    return result
  }
  const parts = {
    latency: () => measureLatency(stand, size, profiler),
    throughput: () => measureThroughput(stand, size, profiler, say),
    memory: () => measureMemory(stand, size),
    failover: () => measureFailOver(stand, size, say),
    simulator: () => Promise.resolve(measureSimulator(size)),
  }
  return {
    machine: machineOf(stand),
    quick,
    ...(only.includes('latency') ? { latency: await told('latency', parts.latency) } : {}),
    ...(only.includes('throughput')
      ? { throughput: await told('throughput', parts.throughput) }
      : {}),
    ...(only.includes('memory') ? { memory: await told('memory', parts.memory) } : {}),
    ...(only.includes('failover') ? { failover: await told('failover', parts.failover) } : {}),
    ...(only.includes('simulator') ? { simulator: await told('simulator', parts.simulator) } : {}),
    seconds: seconds(),
  }
}

async function run(options: BenchOptions): Promise<void> {
  say('builds the page, starts the servers and the browser')
  const stand = await openStand(say, options.profile !== undefined)
  try {
    const measured = await measure(stand, options)
    print(textOf(measured))
    if (options.json) print(JSON.stringify({ ...measured, targets: targetsOf(measured) }))
  } finally {
    await stand.close()
  }
}

const request = readRequest(process.argv.slice(2))
switch (request.kind) {
  case 'help':
    print(helpText)
    break
  case 'wrong':
    process.stderr.write(`${request.message}\n`)
    process.exitCode = 2
    break
  case 'run':
    try {
      await run(request.options)
    } catch (error) {
      // What went wrong outside this program is told in a sentence; a mistake in it, with the place.
      say(error instanceof BenchError ? error.message : String((error as Error).stack ?? error))
      process.exitCode = 1
    }
    break
  default:
    request satisfies never
}
