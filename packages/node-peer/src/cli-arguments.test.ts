import { expect, test } from 'vitest'
import type { CliOptions } from './cli-arguments.ts'
import { helpText, parseCliArguments } from './cli-arguments.ts'

const optionsOf = (words: readonly string[], environment = {}): CliOptions => {
  const request = parseCliArguments(words, environment)
  if (request.kind !== 'run') throw new Error(`not a run: ${JSON.stringify(request)}`)
  return request.options
}

test('[NP6] flags become options, and the missing ones have defaults', () => {
  const words =
    '--invite i --role standby --data d --machine m --signal ws://a --signal wss://b --voters 3'
  const ice = ['--ice', 'stun:s:1', '--ice', 'turn:t:2', '--ice-user', 'u']
  const environment = { UNANIMOUS_ICE_PASSWORD: 'p', UNANIMOUS_INVITE: 'other' }
  expect(optionsOf([...words.split(' '), ...ice, '--json', '--verbose'], environment)).toEqual({
    ...{
      invite: 'i',
      role: 'standby',
      data: 'd',
      machine: 'm',
      signal: ['ws://a', 'wss://b'],
      voters: 3,
    },
    ice: {
      iceServers: [{ urls: 'stun:s:1' }, { urls: 'turn:t:2', username: 'u', credential: 'p' }],
    },
    ...{ json: true, verbose: true },
  })
  expect(optionsOf(['--invite', 'i'])).toEqual({
    ...{ invite: 'i', role: 'voter', data: './unanimous-peer', machine: undefined },
    ...{ signal: [], ice: undefined },
    ...{ voters: undefined, json: false, verbose: false },
  })
})

test('[NP6] an invite may come by the environment, where no list of processes shows its secret', () => {
  expect(optionsOf([], { UNANIMOUS_INVITE: 'secret' }).invite).toBe('secret')
})

test.each([
  [[], '--invite is missing'],
  [['--invite', ''], '--invite is missing'],
  [['--invit', 'i'], '--invit'],
  [['--invite', 'i', '--voters', '10'], '--voters takes'],
  [['--invite', 'i', '--role', 'leader'], '--role takes voter, standby, observer, not "leader"'],
  [['--invite', 'i', '--ice', 'http://x'], '--ice takes'],
  [['i'], 'i'],
])('[NP6] %j is refused with a word on what is wrong', (words, part) => {
  const request = parseCliArguments(words, {})
  expect(request).toEqual({ kind: 'bad', why: expect.stringContaining(part) as unknown })
})

test('[NP6] help names every flag', () => {
  expect(parseCliArguments(['--help'], {})).toEqual({ kind: 'help' })
  const flags = 'invite role data machine signal ice ice-user voters json verbose help'
  for (const flag of flags.split(' ')) expect(helpText).toContain(`--${flag} `)
})
