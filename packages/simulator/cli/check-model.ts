/** `sim check`: everything that three stores can do within bounds, one step after the other. */
import type { Bounds } from '../src/model/bounds.ts'
import { isPreset, presets } from '../src/model/bounds.ts'
import { check } from '../src/model/check.ts'
import type { Flag, Flags } from './command-line.ts'
import { progressOn } from './progress.ts'
import { UsageError } from './scenario-files.ts'

const boundFlags: Readonly<Record<keyof Bounds, Flag>> = {
  nominationsOfOne: { name: 'each', value: 'N', about: 'nominations of one store' },
  nominations: { name: 'nominations', value: 'N', about: 'nominations in all' },
  commands: { name: 'commands', value: 'N', about: 'commands' },
  configurations: { name: 'configs', value: 'N', about: 'changes of the voters' },
  restarts: { name: 'restarts', value: 'N', about: 'restarts, after a write or in its middle' },
  duplicates: { name: 'duplicates', value: 'N', about: 'messages that arrive once more' },
  heirs: { name: 'heirs', value: 'N', about: 'heirs that are named' },
  closings: { name: 'closings', value: 'N', about: 'pages that close, to open again or not' },
}

export const checkFlags: readonly Flag[] = [
  {
    name: 'bound',
    value: 'WORD',
    about: 'small, standard (default), large, wills or willsLarge; then one by one:',
  },
  ...Object.values(boundFlags),
  { name: 'states', value: 'N', about: 'gives up beyond so many (default 200000000)' },
  { name: 'json', about: 'the report as one object' },
]

/** True: everything within the bounds was explored, and nothing was wrong. */
export function checkCommand(flags: Flags): boolean {
  const bounds = boundsFrom(flags)
  const statesMax = Number(flags.get('states') ?? 200_000_000)
  const began = performance.now()
  const progress = progressOn(process.stderr)
  const report = check({
    bounds,
    statesMax,
    progress: (states, done, depth) =>
      progress.update(done, states, `states known, depth ${depth}`),
  })
  progress.end()
  const seconds = (performance.now() - began) / 1000
  const { states, transitions, depth, stores, messages, finished, violation } = report
  if (flags.has('json')) console.log(JSON.stringify({ bounds, ...report, seconds }))
  else {
    for (const sentence of violation?.path ?? []) console.log(sentence)
    if (violation !== undefined) console.log(violation.message)
    const perSecond = Math.round(states / seconds)
    console.log(
      `${states} states in ${transitions} transitions, depth ${depth}; ${stores} states of single stores, ${messages} messages; ${seconds.toFixed(1)} s, ${perSecond} states/s`,
    )
    if (violation !== undefined) console.log('This must not be.')
    else if (finished) console.log('That is all within the bounds, and nothing is wrong.')
    else console.log('That is not all: it stopped at --states.')
  }
  return finished && violation === undefined
}

function boundsFrom(flags: Flags): Bounds {
  const word = flags.get('bound') ?? 'standard'
  if (!isPreset(word)) {
    throw new UsageError(`--bound ${word}: one of ${Object.keys(presets).join(', ')} is needed.`)
  }
  const given = Object.entries(boundFlags).flatMap(([key, { name }]) => {
    const value = flags.get(name)
    if (value === undefined) return []
    // Each has four bits in a state.
    if (Number(value) > 15) throw new UsageError(`--${name} ${value}: at most 15.`)
    return [[key, Number(value)] as const]
  })
  return { ...presets[word], ...Object.fromEntries(given) }
}
