/** What a tab brings to a room: which group it wants, and the secret that the members share. Knows no links. */
import type { GroupId, KnownSecrets } from '@unanimous/core'
import { secretLengthMax } from '@unanimous/core'
import type { SecretRing } from '@unanimous/webrtc-transport'
import { groupKeyOf } from '@unanimous/webrtc-transport'
import { BadOption } from './errors.ts'
import { readInvite } from './invite.ts'

export interface Admission {
  /** Only this group is joined; undefined: whichever is in the room. */
  readonly wanted: GroupId | undefined
  /** Undefined: the room is public, whoever knows its name is let in. */
  readonly secret: string | undefined
}

interface RingParts {
  readonly known: KnownSecrets
  readonly mayTell: SecretRing['mayTell']
}

const drawnBytes = 16

/** @throws BadOption, BadInvite */
export function admissionOf(options: {
  readonly room: string
  readonly secret?: string
  readonly invite?: string | URL
}): Admission {
  const { room, secret, invite } = options
  if (secret !== undefined && (secret.length === 0 || secret.length > secretLengthMax)) {
    throw new BadOption(`A secret has 1 to ${secretLengthMax} characters; drawSecret() makes one.`)
  }
  if (invite === undefined) return { wanted: undefined, secret }
  const invitation = readInvite(invite)
  if (invitation.room !== room) {
    throw new BadOption(`The invite is for room ${invitation.room}, not for ${room}.`)
  }
  if (secret !== undefined && secret !== invitation.secret) {
    throw new BadOption('The invite carries another secret than `secret` says. Give one of them.')
  }
  return { wanted: invitation.group, secret: invitation.secret }
}

/** A secret that nobody guesses, fit for a link. For `createGroup` of whoever founds a group; the others get an invite. */
export function drawSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(drawnBytes))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** `room`: the whole name, as the server knows it. The name of a public room is no secret of any room. */
export const keyOf = ({ secret }: Pick<Admission, 'secret'>, room: string): Uint8Array =>
  groupKeyOf(secret === undefined ? 'public room' : `secret ${secret}`, room)

/** By which keys links are made, out of what the store knows; an empty secret is that of a public room. */
export function ringOf({ known, mayTell }: RingParts, room: string): SecretRing {
  const keyOfText = (text: string): Uint8Array =>
    keyOf({ secret: text === '' ? undefined : text }, room)
  const { current, old, heard } = known
  return {
    current: { key: keyOfText(current.secret), text: current.secret },
    old: old.map(({ secret }) => keyOfText(secret)),
    heard: heard.map(keyOfText),
    mayTell,
  }
}
