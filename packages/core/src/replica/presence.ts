/**
 * What members show of themselves, for people: cursors, names. It goes to every member that a way leads to, and down to observers
 * by those who feed them, past the log and the disk, and promises nothing. Knows who said it and which word is newer, not what
 * it means.
 */
import type { Shown } from '../overlay/shown.ts'
import { sortedChildren } from '../overlay/tree.ts'
import type { Millis, ReplicaId } from '../protocol/ids.ts'
import {
  peersMax,
  presenceBurst,
  presencePerSecond,
  sightingBytesMax,
  sightingMs,
  sightingOldMs,
  sightingsMax,
} from '../protocol/limits.ts'
import type { Presence } from '../protocol/message.ts'
import { keepsLog } from '../protocol/part.ts'
import type { Sighting } from '../protocol/tree-message.ts'
import { ignore } from '../protocol/state.ts'
import { contextOf, groupPeers } from './surroundings.ts'
import type { Step } from './surroundings.ts'

export function show(step: Step, shown: Uint8Array): void {
  const { replica, out } = step
  const { presence, options } = replica
  presence.seq += 1
  const { incarnation } = options
  const message: Presence = { type: 'presence', incarnation, seq: presence.seq, shown }
  for (const to of groupPeers(replica)) out.sendNow.push({ to, message })
}

export function onPresence(step: Step, from: ReplicaId, message: Presence): void {
  const { replica } = step
  const isMembers = keepsLog(replica.peers.get(from)?.beacon?.part)
  const refused = hear(step, { ...message, member: from }, isMembers)
  if (refused !== undefined) ignore(contextOf(step), from, 'presence', refused)
}

/** What a member far away shows, by the word of who feeds this store. */
export function onSighting(step: Step, from: ReplicaId, message: Sighting): void {
  const { tree, options, presence } = step.replica
  const { member } = message
  const isKnown = presence.heard.has(member) || presence.heard.size < sightingsMax
  const whyNot = from !== tree.feeder ? 'notFeeder' : member === options.self ? 'ours' : undefined
  const refused = whyNot ?? (isKnown ? hear(step, message, true) : 'tooMany')
  if (refused !== undefined) ignore(contextOf(step), from, 'sighting', refused)
}

/** `isMembers`: whoever is below wants to see it. A word: why it is not taken. */
function hear(
  step: Step,
  { member, incarnation, seq, shown }: Omit<Sighting, 'type'>,
  isMembers: boolean,
): string | undefined {
  const { replica, out, now } = step
  const { heard } = replica.presence
  const known = heard.get(member)
  if (known !== undefined && !isNewer({ incarnation, seq }, known)) return 'stale'
  const allowance = allowanceOf(known, now)
  if (allowance < 1) return 'tooOften'
  const waiting = isMembers ? shown : undefined
  heard.set(member, { incarnation, seq, allowance: allowance - 1, at: now, waiting })
  forgetStrangers(step)
  out.notify.push({ type: 'shown', member, shown })
  return undefined
}

/** Once all inputs of a moment are in: to each observer below what members showed since, not too often and not too much. */
export function passPresence({ replica, out, now }: Step): void {
  const { presence, tree } = replica
  if (tree.children.size === 0 || now - (presence.passedAt ?? -Infinity) < sightingMs) return
  let bytes = 0
  for (const [member, word] of [...presence.heard].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { incarnation, seq, waiting: shown } = word
    if (shown === undefined || now - word.at > sightingOldMs) continue
    if (bytes + shown.length > sightingBytesMax) break
    presence.heard.set(member, { ...word, waiting: undefined })
    presence.passedAt = now
    bytes += shown.length
    const message: Sighting = { type: 'sighting', member, incarnation, seq, shown }
    for (const [to] of sortedChildren(tree)) if (to !== member) out.sendNow.push({ to, message })
  }
}

const isNewer = (
  message: Pick<Presence, 'incarnation' | 'seq'>,
  { incarnation, seq }: Shown,
): boolean =>
  message.incarnation > incarnation || (message.incarnation === incarnation && message.seq > seq)

function allowanceOf(known: Shown | undefined, now: Millis): number {
  if (known === undefined) return presenceBurst
  const earned = ((now - known.at) / 1000) * presencePerSecond
  return Math.min(presenceBurst, known.allowance + earned)
}

function forgetStrangers({ replica }: Step): void {
  const { heard } = replica.presence
  if (heard.size <= peersMax) return
  for (const id of [...heard.keys()].sort()) if (!replica.peers.has(id)) heard.delete(id)
}
