import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import type { HistoryRecord } from '../src/checkers/history-record.ts'
import { fuzz, optionsFrom } from '../src/fuzz.ts'
import type { Command } from './command-line.ts'
import { helpText, readRequest } from './command-line.ts'
import { Witness } from './witness.ts'

const commands: readonly Command[] = [
  {
    name: 'run',
    operand: 'FILE',
    about: 'Runs.',
    flags: [
      { name: 'seed', value: 'N', about: 'a seed' },
      { name: 'budget', value: 'TIME', about: 'a time' },
      { name: 'json', about: 'json' },
    ],
  },
  { name: 'replay', operand: 'SEED', about: 'Replays.', flags: [] },
]

test('[SC10] a command, its operand and its flags are read in any order', () => {
  expect(
    readRequest(['run', '--seed', '7', 'a.scenario', '--json', '--budget=5s'], commands),
  ).toEqual({
    kind: 'run',
    command: commands[0],
    operand: 'a.scenario',
    flags: new Map([
      ['seed', '7'],
      ['json', ''],
      ['budget', '5s'],
    ]),
  })
})

test.each([
  [['go'], 'There is no command "go"; the commands are run, replay.'],
  [
    ['run', 'x', '--speed'],
    '"run" has no flag --speed; it knows --seed, --budget, --json, --help.',
  ],
  [['run', 'x', '--seed'], '--seed needs a value.'],
  [['run', 'x', '--seed', 'two'], '--seed two: a whole number from 0 to 4294967295 is needed.'],
  [['run', 'x', '--budget', '5'], '--budget 5: a time such as 60s or 5min is needed.'],
  [['run', 'x', '--json', '--json'], '--json is given twice.'],
  [['run', 'x', '--json=1'], '--json takes no value.'],
  [['run'], '"run" needs a FILE.'],
  [['run', 'x', 'y'], '"run" takes one FILE, not "y" too.'],
  [['replay', 'x'], '"x" is no seed: a whole number is needed.'],
])('[SC10] %j is wrong: %s', (words, message) => {
  expect(readRequest(words, commands)).toEqual({ kind: 'wrong', message })
})

test('[SC10] help is there for all commands and for each', () => {
  expect(readRequest([], commands)).toEqual({ kind: 'help', command: undefined })
  expect(readRequest(['run', '--help'], commands)).toEqual({ kind: 'help', command: commands[0] })
  expect(helpText(commands, undefined)).toContain('replay SEED')
  expect(helpText(commands, commands[0])).toContain('run FILE [--seed N] [--budget TIME] [--json]')
})

const top = resolve(import.meta.dirname, '../../..')
const sim = (...words: readonly string[]): ReturnType<typeof spawnSync> =>
  spawnSync(
    process.execPath,
    [join(top, 'tools/run.mjs'), join(import.meta.dirname, 'sim.ts'), ...words],
    {
      cwd: top,
      encoding: 'utf8',
    },
  )

test('[SC10] a run is one line of JSON, and its exit status says whether all came out as expected', () => {
  const ours = sim('run', 'CH', '--json')
  expect(ours.status).toBe(0)
  expect(JSON.parse(String(ours.stdout))).toMatchObject({
    scenario: 'CH',
    protocol: 'unanimous',
    seed: 1,
    changes: 0,
    violations: 0,
  })
  const raft = sim('run', 'DL', '--protocol', 'raft')
  expect(raft.status).toBe(1)
  expect(String(raft.stdout)).toContain('again: npx -y pnpm sim run DL --protocol raft --seed 1')
  const unknown = sim('run', 'nowhere.scenario')
  expect(unknown.status).toBe(2)
  expect(String(unknown.stderr)).toContain('There is no file "nowhere.scenario"')
}, 120_000)

test('[SC10] the fuzzer ends with one line that counts, and says what its worlds went through', () => {
  const { status, stdout, stderr } = sim('fuzz', '--seeds', '2', '--from', '3', '--json')
  expect(status).toBe(0)
  expect(JSON.parse(String(stdout))).toMatchObject({ seeds: 2, from: 3, violations: 0, failed: [] })
  expect(String(stderr)).toMatch(/^Coverage: \d+\.\d % of the worlds had a restart/m)
}, 120_000)

test('[LI7] a history of the simulator is linearizable, and is not with one stale read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unanimous-history-'))
  try {
    const [scenario, file] = [join(folder, 'short.scenario'), join(folder, 'history.jsonl')]
    const story =
      'voters a b c\nmesh\nload 40/s from all\nreads 40/s from all\nat 2s crash a\nrun 9s\n'
    writeFileSync(scenario, story)
    expect(sim('run', scenario, '--history', file).status).toBe(0)
    const right = sim('linearize', file)
    expect(String(right.stdout)).toMatch(/^Linearizable: \d+ operations on 8 registers/)
    expect(right.status).toBe(0)

    writeFileSync(file, withStaleRead(readFileSync(file, 'utf8')))
    const wrong = sim('linearize', file)
    expect(String(wrong.stdout)).toMatch(/^Register k0 is not linearizable/)
    expect(wrong.status).toBe(1)

    appendFileSync(file, '{"process": 1}\n')
    const broken = sim('linearize', file)
    expect(String(broken.stderr)).toMatch(/history\.jsonl:\d+ expected/)
    expect(broken.status).toBe(2)
  } finally {
    rmSync(folder, { recursive: true })
  }
}, 120_000)

/** The last read of k0 finds what its first write wrote. */
function withStaleRead(text: string): string {
  const lines = text.trimEnd().split('\n')
  const records = lines.map((line) => JSON.parse(line) as HistoryRecord)
  const ofKey = (f: string): readonly HistoryRecord[] =>
    records.filter((each) => each.key === 'k0' && each.type === 'ok' && each.f === f)
  const [written, read] = [ofKey('write')[0], ofKey('read').at(-1)]
  if (read === undefined) throw new Error('nobody reads k0')
  lines[records.indexOf(read)] = JSON.stringify({ ...read, value: written?.value })
  return `${lines.join('\n')}\n`
}

test('[SC11] a world can be told in sentences', () => {
  const witness = new Witness({ frames: true, keep: 5000 })
  fuzz(optionsFrom(3), witness)
  const all = witness.sentences.join('\n')
  expect(all).toMatch(
    /t0 opens for the 1\. time; its disk promised nothing and holds 0 entries of nothing/,
  )
  expect(all).toMatch(/will you follow ballot \d+\.[0-9a-f]{4}\?/)
  expect(all).toMatch(/ s {2}t0 leading ballot/)
})
