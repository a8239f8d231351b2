import type { GroupId } from '@unanimous/core'
import { expect, test } from 'vitest'
import { BadInvite } from './errors.ts'
import { inviteTo, readInvite } from './invite.ts'

const group = '0123456789abcdef'.repeat(4) as GroupId

const servers = ['wss://one.example/signal?a=b&c', 'wss://two.example/']

test('[IV1] an invite comes back as the room, the group and the secret that it was made of', () => {
  const invitation = { room: 'A & B/ü', group, secret: 's & #ü', machine: 'm & n', signal: servers }
  const link = inviteTo('https://app.example/cinema?lang=en#top', invitation)
  expect(readInvite(link)).toEqual(invitation)
  const open = { ...invitation, secret: undefined, signal: servers.slice(1) }
  expect(readInvite(inviteTo(link.href, open))).toEqual(open)
  expect(link.searchParams.get('lang')).toBe('en')
})

test('[IV2] the group and the secret are in the fragment, which no server sees', () => {
  const invitation = { room: 'r', group, secret: 'hush', machine: 'm', signal: servers }
  const link = inviteTo('https://app.example/', invitation)
  for (const hidden of [group, 'hush']) {
    expect(link.hash).toContain(hidden)
    expect(link.search).not.toContain(hidden)
  }
})

test('[IV4] an invite of an older version names no machine and no server', () => {
  const link = `https://app.example/?room=r#group=${group}`
  const nothing = { secret: undefined, machine: undefined, signal: [] }
  expect(readInvite(link)).toEqual({ room: 'r', group, ...nothing })
})

test.each([
  ['no address', 'cinema-7'],
  ['no room', `https://app.example/#group=${group}`],
  ['no group', 'https://app.example/?room=r'],
  ['half a group', `https://app.example/?room=r#group=${group.slice(1)}`],
  ['a group in capitals', `https://app.example/?room=r#group=${group.toUpperCase()}`],
])('[IV3] a link with %s is refused with a sentence', (_, link) => {
  expect(() => readInvite(link)).toThrow(BadInvite)
})
