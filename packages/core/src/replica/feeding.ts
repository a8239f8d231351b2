/**
 * Feeding observers: whom a store takes below it, what it tells them, and whom it names instead. Members and observers do it
 * alike; the leader only while there is nobody else. What is decided is true whoever says it, so nothing of this is counted.
 */
import { isHeard, isReached } from '../overlay/failure-detector.ts'
import { sortedPeers } from '../overlay/peers.ts'
import type { Child, Word } from '../overlay/tree.ts'
import { lotOf, sortedChildren } from '../overlay/tree.ts'
import { configIndexOf } from '../protocol/configuration.ts'
import type { Entry } from '../protocol/entry.ts'
import type { Index, ReplicaId } from '../protocol/ids.ts'
import {
  batchBytesMax,
  batchEntriesMax,
  feederSilentMs,
  treeDepthMax,
  treeFanOut,
  windowBytesMax,
  wordMs,
} from '../protocol/limits.ts'
import { bytesBetween, endWithin, sliceOfLog } from '../protocol/log.ts'
import { snapshotEnd } from '../protocol/answer.ts'
import type { Subscribe } from '../protocol/tree-message.ts'
import { keepsLog } from '../protocol/part.ts'
import { ignore } from '../protocol/state.ts'
import { passPresence } from './presence.ts'
import type { ReplicaState } from './state.ts'
import type { Step } from './surroundings.ts'
import { contextOf, partOf } from './surroundings.ts'

export function onSubscribe(step: Step, from: ReplicaId, message: Subscribe): void {
  const { replica, now } = step
  const { tree } = replica
  const known = tree.children.get(from)
  const whyNot = whyNotFed(step, from)
  if (whyNot !== undefined) {
    tree.children.delete(from)
    ignore(contextOf(step), from, 'subscribe', whyNot)
    return decline(step, from)
  }
  const { from: end, below, again } = message
  if (known === undefined || again) {
    tree.children.set(from, { at: now, sentEnd: end, ackedEnd: end, below })
    // Even if there is nothing new: it waits for an answer.
    tree.tell = true
    return
  }
  known.at = now
  known.below = below
  known.sentEnd = Math.max(known.sentEnd, end) as Index
  known.ackedEnd = Math.max(known.ackedEnd, end) as Index
}

function whyNotFed(step: Step, from: ReplicaId): string | undefined {
  const { replica } = step
  const { tree, protocol } = replica
  if (partOf(replica) === 'client') return 'client'
  if (protocol.decidedEnd === 0) return 'nothingThere'
  if (protocol.observing !== undefined) {
    if (tree.feeder === undefined || tree.feeder === from) return 'notFed'
    if (tree.path.includes(from)) return 'inACircle'
    if (tree.path.length + 1 > treeDepthMax) return 'tooDeep'
  }
  if (protocol.role.phase === 'leading' && membersBeside(step, from).length > 0) return 'leading'
  if (tree.children.size >= treeFanOut && !tree.children.has(from)) return 'full'
  return undefined
}

/** Who could feed it as well as this store does, and has the log. */
function membersBeside({ replica, now }: Step, from: ReplicaId): readonly ReplicaId[] {
  return sortedPeers(replica.peers)
    .filter((peer) => {
      const { id, beacon, group } = peer
      if (
        !keepsLog(beacon?.part) ||
        beacon === undefined ||
        beacon.decidedEnd === 0 ||
        beacon.leaving
      )
        return false
      return id !== from && group === replica.group?.id && isReached(peer, now)
    })
    .map(({ id }) => id)
}

/** To a member that is to observe, or to an observer: others have room, as far as this store can tell. */
export function decline(step: Step, to: ReplicaId): void {
  const { replica, out } = step
  const instead = insteadOf(step, to)
  const configIndex = Math.max(configIndexOf(replica.protocol.log), 0) as Index
  out.sendNow.push({ to, message: { type: 'declined', configIndex, instead } })
}

function insteadOf(step: Step, to: ReplicaId): readonly ReplicaId[] {
  const { tree, protocol } = step.replica
  const members = protocol.role.phase === 'leading' ? membersBeside(step, to) : []
  if (members.length > 0) {
    return [...members].sort((a, b) => lotOf(to, a) - lotOf(to, b)).slice(0, treeFanOut)
  }
  const children = sortedChildren(tree)
    .filter(([id]) => id !== to)
    .sort(([, a], [, b]) => a.below - b.below)
  // It is on its way there: the next one goes elsewhere.
  const first = children[0]?.[1]
  if (first !== undefined) first.below += 1
  return children.map(([id]) => id).slice(0, treeFanOut)
}

/** What this store last heard of the leader. */
export function wordOf({ replica, now }: Step): Word | undefined {
  const { tree, protocol, election, view, peers } = replica
  if (protocol.observing !== undefined || !election.happy) return tree.word
  const { role } = protocol
  if (role.phase === 'leading') tree.word = { ballot: role.ballot, at: now }
  const leader = role.phase === 'follower' ? peers.get(view.followed.node) : undefined
  if (leader !== undefined) tree.word = { ballot: view.followed, at: leader.lastAt }
  return tree.word
}

/** Once a round: who does not say that it is there is fed no longer, and the others hear of the leader. */
export function lookAfterChildren(step: Step): void {
  const { replica, now } = step
  const { tree } = replica
  for (const [id, child] of sortedChildren(tree)) {
    const peer = replica.peers.get(id)
    const there = peer !== undefined && isHeard(peer, now) && now - child.at < feederSilentMs
    if (!there) tree.children.delete(id)
  }
  const fed = tree.feeder !== undefined
  if (!fed && now - (tree.toldAt ?? -Infinity) >= wordMs) tree.tell = true
}

/** Once all inputs of a moment are in: to each observer what it lacks, as far as its window reaches. */
export function feedChildren(step: Step): void {
  const { replica, now } = step
  const { tree } = replica
  if (tree.children.size === 0) return
  passPresence(step)
  const { tell } = tree
  tree.tell = false
  if (tell) tree.toldAt = now
  const tooDeep = tree.path.length + 1 > treeDepthMax
  for (const [id, child] of sortedChildren(tree)) {
    if (tooDeep) {
      tree.children.delete(id)
      decline(step, id)
    } else feed(step, { id, child, tell })
  }
}

function feed(
  step: Step,
  { id, child, tell }: { id: ReplicaId; child: Child; tell: boolean },
): void {
  const { log, decidedEnd } = step.replica.protocol
  if (child.sentEnd < log.base) {
    // It pulls that by itself, and says when it goes on.
    const from = snapshotEnd(step.replica.protocol)
    if (tell) stream(step, id, { from, summed: true, entries: [] })
    return
  }
  let sent = false
  while (child.sentEnd < decidedEnd) {
    const from = child.sentEnd
    const begin = Math.min(child.ackedEnd, from) as Index
    if (bytesBetween(log, begin, from) >= windowBytesMax) break
    const bounds = { bytes: batchBytesMax, count: batchEntriesMax }
    const end = Math.min(decidedEnd, endWithin(log, from, bounds)) as Index
    stream(step, id, { from, summed: false, entries: sliceOfLog(log, from, end) })
    child.sentEnd = end
    sent = true
  }
  if (tell && !sent) stream(step, id, { from: child.sentEnd, summed: false, entries: [] })
}

/** What is older than this is old enough. */
const ageMaxMs = 3_600_000

function stream(
  step: Step,
  to: ReplicaId,
  what: { readonly from: Index; readonly summed: boolean; readonly entries: readonly Entry[] },
): void {
  const { replica, out, now } = step
  const word = wordOf(step)
  const ageMs = Math.round(Math.min(now - (word?.at ?? -Infinity), ageMaxMs))
  const ballot = word?.ballot ?? replica.protocol.accepted
  const path = [...wayTo(replica, to), replica.options.self]
  out.sendNow.push({ to, message: { type: 'stream', ballot, ageMs, path, ...what } })
}

/**
 * Through whom the leader's word comes to this store, which is the way up for whoever is below: a member that has no link of
 * its own to the leader has one through others. Whoever is below and on that way has a better one.
 */
function wayTo({ tree, protocol, peers, view }: ReplicaState, to: ReplicaId): readonly ReplicaId[] {
  if (protocol.observing !== undefined) return tree.path
  const way = peers.get(view.followed.node)?.via?.toReversed() ?? []
  return way.includes(to) || way.length + 1 > treeDepthMax ? [] : way
}
