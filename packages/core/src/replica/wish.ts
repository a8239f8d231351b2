/** Which links a store needs: a member one to everybody, an observer few. Reads the state, changes nothing but what it last wished. */
import { sortedPeers } from '../overlay/peers.ts'
import { isDeclined, sortedChildren } from '../overlay/tree.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import type { LinkWish } from '../protocol/link-wish.ts'
import { keepsLog } from '../protocol/part.ts'
import { askedMax, readyMax, seekMs, settleMs } from '../protocol/limits.ts'
import type { Step } from './surroundings.ts'

/** The same object until something changes; undefined: one to everybody. */
export function renewWish(step: Step): void {
  const { tree } = step.replica
  const wish = wishOf(step)
  if (wish === undefined || tree.wish === undefined || !isSame(wish, tree.wish)) tree.wish = wish
}

function wishOf({ replica, now }: Step): LinkWish | undefined {
  // Until there is a group everybody has to say that it knows of none, or somebody that it does.
  if (replica.group === undefined) return undefined
  const { tree, protocol, options, peers } = replica
  // Without ways through others only a link of its own leads to the leader.
  if (protocol.observing === undefined || !options.relays) return undefined
  // Who would be a member may be one soon: links are not worth closing and making again.
  if (keepsLog(options.role ?? 'member') && now - tree.since < settleMs) return undefined
  const seeks = tree.feeder === undefined && now - tree.suggestedAt <= seekMs
  const to = new Set<ReplicaId>(sortedChildren(tree).map(([id]) => id))
  for (const id of [tree.feeder, tree.asked?.id, tree.ready]) if (id !== undefined) to.add(id)
  if (seeks) for (const id of tree.suggested) to.add(id)
  const others = tree.feeder === undefined ? askedMax : tree.ready === undefined ? readyMax : 0
  // A link with a client helps nobody to what is decided.
  const clients = sortedPeers(peers).filter(({ beacon }) => beacon?.part === 'client')
  const declined = [...tree.declinedAt.keys()].filter((id) => isDeclined(tree, id, now))
  // Who leads feeds nobody while there are others: it is no one to turn to.
  const leader = tree.feeder === undefined ? undefined : tree.word?.ballot.node
  const none = [
    ...declined,
    ...clients.map(({ id }) => id),
    ...(leader === undefined ? [] : [leader]),
  ]
  const except = [...new Set(none)].sort()
  return { to: [...to].sort(), others, except: others === 0 ? [] : except }
}

const isSame = (a: LinkWish, b: LinkWish): boolean =>
  a.others === b.others && a.to.join() === b.to.join() && a.except.join() === b.except.join()
