/**
 * What members show of themselves, for people: cursors, names. It goes to every member that a way leads to, past the log and
 * the disk, and promises nothing. Knows who said it and which word is newer, not what it means.
 */
import type { Shown } from '../overlay/shown.ts'
import type { Millis, ReplicaId } from '../protocol/ids.ts'
import { peersMax, presenceBurst, presencePerSecond } from '../protocol/limits.ts'
import type { Presence } from '../protocol/message.ts'
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
  const { replica, out } = step
  const { heard } = replica.presence
  const { incarnation, seq, shown } = message
  const known = heard.get(from)
  if (known !== undefined && !isNewer(message, known)) {
    return ignore(contextOf(step), from, 'presence', 'stale')
  }
  const allowance = allowanceOf(known, step.now)
  if (allowance < 1) return ignore(contextOf(step), from, 'presence', 'tooOften')
  heard.set(from, { incarnation, seq, allowance: allowance - 1, at: step.now })
  forgetStrangers(step)
  out.notify.push({ type: 'shown', member: from, shown })
}

const isNewer = (message: Presence, { incarnation, seq }: Shown): boolean =>
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
