import { expect, test } from 'vitest'
import { helpText, parseCliArguments } from './cli-arguments.ts'
import { settingsFrom } from './settings.ts'
import type { SignalingServerOptions } from './settings.ts'

const optionsOf = (...words: string[]): SignalingServerOptions => {
  const request = parseCliArguments(words)
  if (request.kind !== 'run') throw new Error(`not a run: ${JSON.stringify(request)}`)
  return request.options
}

test('[SG27] flags become options, and the missing ones are left to the defaults', () => {
  const words =
    '--port 0 --host 0.0.0.0 --path /x --origin https://a.example --origin http://b.example'
  expect(optionsOf(...words.split(' '), '--drain-ms', '10', '--trust-proxy')).toEqual({
    port: 0,
    host: '0.0.0.0',
    path: '/x',
    origins: ['https://a.example', 'http://b.example'],
    drainMs: 10,
    trustProxy: true,
  })
  expect(settingsFrom(optionsOf())).toMatchObject({
    port: 8787,
    host: '127.0.0.1',
    paths: ['/', '/signal'],
    origins: { kind: 'same-host' },
    drainMs: 5000,
    trustProxy: false,
  })
})

test.each([
  [['--prot', '1'], '--prot'],
  [['--port'], '--port'],
  [['--port', 'abc'], '--port takes a whole number'],
  [['--port', '1e3'], '--port takes a whole number'],
  [['--drain-ms', '1.5'], '--drain-ms takes a whole number'],
  [['8787'], '8787'],
])('[SG27] %j is refused with a word on what is wrong', (words, part) => {
  const request = parseCliArguments(words)
  expect(request).toEqual({ kind: 'bad', why: expect.stringContaining(part) as unknown })
})

test('[SG27] help names every flag', () => {
  expect(parseCliArguments(['--port', '1', '--help'])).toEqual({ kind: 'help' })
  for (const flag of ['port', 'host', 'path', 'origin', 'drain-ms', 'trust-proxy', 'help']) {
    expect(helpText).toContain(`--${flag} `)
  }
})

test.each<[SignalingServerOptions, string]>([
  [{ port: 65_536 }, 'port'],
  [{ port: -1 }, 'port'],
  [{ port: 1.5 }, 'port'],
  [{ host: '' }, 'host'],
  [{ path: 'signal' }, 'path'],
  [{ path: '/a?b' }, 'path'],
  [{ drainMs: Number.NaN }, 'drainMs'],
  [{ origins: ['app.example'] }, 'app.example'],
  [{ limits: { heartbeatMs: 0 } }, 'limits.heartbeatMs'],
  [{ limits: { roomsMax: Number.POSITIVE_INFINITY } }, 'limits.roomsMax'],
  [{ limits: { messagesPerSocket: { burst: 0, perSecond: 1 } } }, 'limits.messagesPerSocket'],
  [{ limits: { peersPerRoomMax: 513 } }, 'limits.peersPerRoomMax'],
])('[SG28] the option %j is refused and named', (options, part) => {
  expect(() => settingsFrom(options)).toThrow(
    expect.objectContaining({
      code: 'bad-option',
      message: expect.stringContaining(part) as unknown,
    }),
  )
})
