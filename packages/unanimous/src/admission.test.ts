import type { GroupId } from '@unanimous/core'
import { secretLengthMax } from '@unanimous/core'
import { expect, test } from 'vitest'
import { admissionOf, drawSecret, keyOf } from './admission.ts'
import { BadOption } from './errors.ts'
import { inviteTo } from './invite.ts'

const group = '0123456789abcdef'.repeat(4) as GroupId
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const invite = (secret: string | undefined): URL =>
  inviteTo('https://app.example/', { room: 'r', group, secret, machine: 'm', signal: [] })

test('[SE7] an invite brings the group and its secret; without either the room is public', () => {
  expect(admissionOf({ room: 'r' })).toEqual({ wanted: undefined, secret: undefined })
  expect(admissionOf({ room: 'r', secret: 's' })).toEqual({ wanted: undefined, secret: 's' })
  const secret = 'ü & =#'
  expect(admissionOf({ room: 'r', invite: invite(secret) })).toEqual({ wanted: group, secret })
  expect(admissionOf({ room: 'r', invite: invite(secret), secret })).toEqual({
    wanted: group,
    secret,
  })
  const open = admissionOf({ room: 'r', invite: invite(undefined) })
  expect(open).toEqual({ wanted: group, secret: undefined })
})

test.each([
  ['an empty secret', { secret: '' }],
  ['a secret too long', { secret: 'x'.repeat(secretLengthMax + 1) }],
  ['a secret that is not the invite’s', { secret: 'mine', invite: invite('theirs') }],
  ['a secret beside an invite to a public room', { secret: 'mine', invite: invite(undefined) }],
  ['an invite to another room', { room: 'other', invite: invite(undefined) }],
])('[SE7] %s is refused with a sentence', (_, options) => {
  expect(() => admissionOf({ room: 'r', ...options })).toThrow(BadOption)
})

test('[SE7] every secret, every room and the public have keys of their own', () => {
  const keys = [
    keyOf({ secret: undefined }, 'a'),
    keyOf({ secret: undefined }, 'b'),
    keyOf({ secret: 'public room' }, 'a'),
    keyOf({ secret: 's' }, 'a'),
    keyOf({ secret: 's' }, 'b'),
  ]
  expect(new Set(keys.map(hex)).size).toBe(keys.length)
  expect(hex(keyOf({ secret: 's' }, 'a'))).toBe(hex(keys[3] ?? new Uint8Array()))
})

test('[SE7] a drawn secret is another one each time, and has 128 bits', () => {
  const drawn = Array.from({ length: 100 }, drawSecret)
  expect(new Set(drawn).size).toBe(100)
  for (const secret of drawn) expect(secret).toMatch(/^[0-9a-f]{32}$/)
})
