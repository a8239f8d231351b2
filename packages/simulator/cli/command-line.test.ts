import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
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
    command: 'run',
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

test('[SC10] the fuzzer ends with one line that counts', () => {
  const { status, stdout } = sim('fuzz', '--seeds', '2', '--from', '3')
  expect(status).toBe(0)
  expect(JSON.parse(String(stdout))).toMatchObject({ seeds: 2, from: 3, violations: 0, failed: [] })
}, 120_000)

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
