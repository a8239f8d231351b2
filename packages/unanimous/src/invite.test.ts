import type { GroupId } from '@unanimous/core'
import { expect, test } from 'vitest'
import { BadInvite } from './errors.ts'
import { inviteTo, readInvite } from './invite.ts'

const group = '0123456789abcdef'.repeat(4) as GroupId

test('[IV1] an invite comes back as the room, the group and the secret that it was made of', () => {
  const invitation = { room: 'A & B/ü', group, secret: 's & #ü' }
  const link = inviteTo('https://app.example/cinema?lang=en#top', invitation)
  expect(readInvite(link)).toEqual(invitation)
  const open = { ...invitation, secret: undefined }
  expect(readInvite(inviteTo(link.href, open))).toEqual(open)
  expect(link.searchParams.get('lang')).toBe('en')
})

test('[IV2] the group and the secret are in the fragment, which no server sees', () => {
  const link = inviteTo('https://app.example/', { room: 'r', group, secret: 'hush' })
  for (const hidden of [group, 'hush']) {
    expect(link.hash).toContain(hidden)
    expect(link.search).not.toContain(hidden)
  }
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
