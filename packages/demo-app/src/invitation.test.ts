import { expect, test } from 'vitest'
import { isLoopback, linkFor, phoneLink, placeOf, roomLink } from './invitation.ts'
import { readSettings, usualSettings } from './settings.ts'

const group = 'f'.repeat(64)

test.each([
  ['http://127.0.0.1:4173/', 'cinema-7', undefined],
  ['http://127.0.0.1:4173/?room=', 'cinema-7', undefined],
  ['http://127.0.0.1:4173/?room=x%20y', 'x y', undefined],
  ['http://h/?room=x#seats', 'x', undefined],
  [`http://h/?room=x#group=${group}`, 'x', `http://h/?room=x#group=${group}`],
  // Half an invitation: the usual room is put in, so that the library can judge the rest.
  [`http://h/#group=${group}`, 'cinema-7', `http://h/?room=cinema-7#group=${group}`],
])('%s names the room %s', (page, room, invite) => {
  expect(placeOf(page)).toEqual({ room, invite, watches: false })
})

test('[DM15] an address may say that its tab only watches, and an invite never does', () => {
  const link = `https://h/?room=x#group=${group}`
  const watching = linkFor('watcher', link)
  expect(watching).toBe(`https://h/?room=x&watch=1#group=${group}`)
  expect(placeOf(watching)).toMatchObject({ room: 'x', watches: true })
  expect(linkFor('member', watching)).toBe(link)
})

test('the way out of an invitation keeps the room and drops the group', () => {
  expect(roomLink(`https://h/demo/?room=x&y=1#group=${group}`, 'x')).toBe('https://h/demo/?room=x')
})

test('there is a QR code only for an address that means this page on a phone too', () => {
  const here = `https://127.0.0.1:4173/?room=x#group=${group}`
  const none = phoneLink(here, [])
  expect(none.kind === 'none' && none.why).toContain('--lan')
  expect(phoneLink(here, ['https://192.168.1.5:4173'])).toEqual({
    kind: 'link',
    href: `https://192.168.1.5:4173/?room=x#group=${group}`,
  })
  const there = here.replace('127.0.0.1', '192.168.1.9')
  expect(phoneLink(there, [])).toEqual({ kind: 'link', href: there })
})

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['[::1]', true],
  ['demo.localhost', true],
  ['127.0.0.1.example', false],
  ['192.168.0.1', false],
])('%s is this machine only: %s', (hostname, expected) => {
  expect(isLoopback(hostname)).toBe(expected)
})

const page = { protocol: 'https:', host: 'h:4173', hostname: 'h' }

test('settings are taken from the demo’s server, a path on it included', () => {
  const answer = { signal: ['/signal', 'ws://x:1'], origins: ['https://h:4173'] }
  expect(readSettings(answer, page)).toEqual({
    signal: ['wss://h:4173/signal', 'ws://x:1'],
    origins: ['https://h:4173'],
  })
})

test.each([
  undefined,
  null,
  'text',
  {},
  { signal: 'ws://x', origins: [] },
  { signal: [], origins: [] },
  { signal: [1], origins: [] },
  { signal: ['ws://x'] },
])('%o is no answer of the demo’s server', (answer) => {
  expect(readSettings(answer, page)).toBeUndefined()
})

test('without settings the rendezvous is where it usually is', () => {
  expect(usualSettings(page).signal).toEqual(['wss://h:8787'])
  expect(usualSettings({ protocol: 'http:', hostname: '127.0.0.1' }).signal).toEqual([
    'ws://127.0.0.1:8787',
  ])
})
