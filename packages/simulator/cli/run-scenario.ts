/** `sim run`: one scenario, with one protocol or all, one seed or several. */
import { writeFileSync } from 'node:fs'
import { pageOf } from '../src/scenario/page.ts'
import type { Protocol } from '../src/scenario/protocol.ts'
import { isProtocol, protocols } from '../src/scenario/protocol.ts'
import type { Outcome } from '../src/scenario/run.ts'
import { runScenario } from '../src/scenario/run.ts'
import type { Flags } from './command-line.ts'
import { progressOn } from './progress.ts'
import type { Found } from './scenario-files.ts'
import { readScenario, UsageError } from './scenario-files.ts'

/** True: everything came out as expected. */
export function runCommand(operand: string, flags: Flags): boolean {
  const found = readScenario(operand)
  const wanted = withRelays(
    protocolsOf(flags.get('protocol') ?? 'unanimous'),
    flags.get('relays') ?? 'on',
  )
  const first = Number(flags.get('seed') ?? 1)
  const count = Number(flags.get('seeds') ?? 1)
  if (count < 1) throw new UsageError('--seeds needs at least 1.')
  const files = ['trace', 'history'].filter((name) => flags.has(name))
  if (files.length > 0 && wanted.length * count > 1) {
    throw new UsageError(`--${files[0] ?? ''} is for one run: one protocol and one seed.`)
  }
  const progress = progressOn(process.stderr)
  let good = true
  let done = 0
  for (const protocol of wanted) {
    for (let seed = first; seed < first + count; seed += 1) {
      progress.update(done, wanted.length * count, `${protocol}, seed ${seed}`)
      const outcome = runScenario(found.scenario, { protocol, seed })
      progress.end()
      done += 1
      good = report(found, outcome, { flags, alone: wanted.length * count === 1 }) && good
    }
  }
  return good
}

function protocolsOf(word: string): readonly Protocol[] {
  if (word === 'all') return protocols
  if (isProtocol(word)) return [word]
  throw new UsageError(`--protocol ${word}: one of ${protocols.join(', ')} or all is needed.`)
}

/** Only our own protocol has relays. */
function withRelays(wanted: readonly Protocol[], word: string): readonly Protocol[] {
  if (word === 'on') return wanted
  if (word !== 'off') throw new UsageError(`--relays ${word}: on or off is needed.`)
  const direct = wanted.map((each) => (each === 'unanimous' ? 'unanimous-direct' : each))
  return [...new Set(direct)]
}

function report(
  found: Found,
  outcome: Outcome,
  { flags, alone }: { readonly flags: Flags; readonly alone: boolean },
): boolean {
  const { protocol, seed, violation, judgements } = outcome
  const failed = judgements.filter(({ state }) => state === 'failed')
  const page = pageOf(found.name, outcome)
  const [trace, history] = [flags.get('trace'), flags.get('history')]
  if (trace !== undefined) writeFileSync(trace, page)
  if (history !== undefined) {
    writeFileSync(history, outcome.history.map((each) => `${JSON.stringify(each)}\n`).join(''))
  }
  if (flags.has('json')) console.log(JSON.stringify(lineOf(found.name, outcome)))
  else console.log(alone ? page : sentenceOf(found.name, outcome))
  const good = violation === undefined && failed.length === 0
  if (!good && !flags.has('json')) {
    console.log(`again: npx -y pnpm sim run ${found.word} --protocol ${protocol} --seed ${seed}`)
  }
  return good
}

function lineOf(scenario: string, outcome: Outcome): object {
  const { protocol, seed, committed, stallMs, changes, handovers, decided, violations } = outcome
  return {
    scenario,
    ...(protocol === 'unanimous-direct' ? { protocol: 'unanimous', relays: 'off' } : { protocol }),
    seed,
    committed: Math.round(committed * 10) / 10,
    stallMs,
    changes,
    handovers,
    leader: outcome.leader ?? null,
    hops: Math.round(outcome.hops * 100) / 100,
    decided,
    violations,
    ...(outcome.violation === undefined ? {} : { violation: outcome.violation }),
    expect: outcome.judgements.map(({ text, value, met, state, awaits }) => ({
      text,
      value: Math.round(value * 10) / 10,
      met,
      state,
      ...(awaits === undefined ? {} : { awaits }),
    })),
  }
}

function sentenceOf(name: string, outcome: Outcome): string {
  const { protocol, seed, committed, stallMs, changes, violation, judgements } = outcome
  const failed = judgements.filter(({ state }) => state === 'failed').map(({ text }) => text)
  const what = violation ?? (failed.length > 0 ? `not met: ${failed.join('; ')}` : 'as expected')
  return `${name}, ${protocol}, seed ${seed}: committed ${committed.toFixed(1)} %, stall ${(stallMs / 1000).toFixed(1)} s, changes ${changes}; ${what}`
}
