/**
 * What a person asks of a group's voters, as its leader judges it: to give a store a vote, to take its vote, to shut it out, to
 * let it in again. Who votes then and what the group shall keep to go into one entry, with the same safe steps as what the
 * group does by itself.
 */
import type { Act, Answer } from '../protocol/ask-message.ts'
import { isReached } from '../overlay/failure-detector.ts'
import type { ReplicaId, VoteId } from '../protocol/ids.ts'
import { storeOfVote } from '../protocol/ids.ts'
import { votersMax } from '../protocol/limits.ts'
import type { Configuration } from '../protocol/log.ts'
import { isMajority } from '../protocol/quorum.ts'
import type { Wish, Wishes } from '../protocol/wishes.ts'
import { wishFor, wishesWith, withWish } from '../protocol/wishes.ts'
import { lacksHeir } from './arming.ts'
import { isBetweenChanges } from './autopilot.ts'
import type { Surroundings } from './voters.ts'
import {
  holderOf,
  isChosen,
  isSound,
  leastWorth,
  ownAmong,
  pick,
  syncedStandbys,
  votesThere,
} from './voters.ts'

/** What the group's next configuration says. */
export interface Appointment {
  readonly voters: readonly VoteId[]
  readonly wishes: Wishes
}

/** An answer, a change that leads to one, or undefined: not now, ask again. */
export type Judged = Answer | Appointment | undefined

export type Appointing = Exclude<Act, 'lead' | 'yield' | 'rotate'>

export function judgeAppointing(
  surroundings: Surroundings,
  act: Appointing,
  about: ReplicaId,
): Judged {
  const current = surroundings.state.log.configurations.at(-1)
  if (current === undefined || !isBetweenChanges(surroundings, current)) return undefined
  const scene: Scene = { surroundings, current, about }
  const wanted = wantedBy(scene, act)
  return typeof wanted === 'object' ? checked(scene, wanted) : wanted
}

interface Scene {
  readonly surroundings: Surroundings
  readonly current: Configuration
  readonly about: ReplicaId
}

function wantedBy(scene: Scene, act: Appointing): Judged {
  const { current, about } = scene
  const held = votesOf(scene)
  const wish = wishFor(current.wishes, about)
  switch (act) {
    case 'promote':
      return held.length > 0 ? 'done' : promoted(scene)
    case 'demote':
      if (held.length > 0) return without(scene, held, 'standby')
      return wish === 'standby' ? 'done' : isKnown(scene) ? 'notVoter' : 'unknown'
    case 'remove':
      if (held.length > 0) return without(scene, held, 'out')
      if (wish === 'out') return 'done'
      return isKnown(scene) ? { voters: current.voters, wishes: wished(scene, 'out') } : 'unknown'
    case 'readmit':
      if (wish === undefined) return isKnown(scene) || held.length > 0 ? 'done' : 'unknown'
      return { voters: current.voters, wishes: wished(scene, undefined) }
  }
}

/** Every vote that counts now and is the store's own, or cast by it. */
const votesOf = ({ surroundings, current, about }: Scene): readonly VoteId[] =>
  current.voters.filter(
    (vote) => holderOf(surroundings, vote) === about || storeOfVote(vote) === about,
  )

const isKnown = ({ surroundings, current, about }: Scene): boolean =>
  surroundings.state.self === about ||
  surroundings.peers.get(about)?.beacon !== undefined ||
  wishFor(current.wishes, about) !== undefined ||
  (current.rotation?.stays.includes(about) ?? false)

const wished = ({ current, about }: Scene, wish: Wish | undefined): Wishes =>
  withWish(current.wishes, about, wish)

function promoted(scene: Scene): Judged {
  const { surroundings, current, about } = scene
  const { members, role, peers, now } = surroundings
  if (wishFor(current.wishes, about) === 'out') return 'removed'
  const peer = peers.get(about)
  if (peer?.beacon === undefined) return surroundings.state.self === about ? 'notReady' : 'unknown'
  if (!isReached(peer, now)) return 'notReached'
  if (peer.beacon.part === 'standby') return 'standsBy'
  const vote = ownAmong(peer.beacon.votes, about)
  const fed = members.joiners.has(about) || role.progress.has(about)
  if (vote === undefined || !isSound(peer) || !fed) return 'notReady'
  // It is fetching the log: soon.
  if (role.progress.get(about)?.synced !== true) return undefined
  return { voters: votersWith(scene, vote), wishes: wished(scene, 'voter') }
}

/** In somebody else's place, if there are as many voters as the group wants, or an odd number and nobody to come along. */
function votersWith({ surroundings, current }: Scene, vote: VoteId): readonly VoteId[] {
  const { policy } = surroundings
  const { voters } = current
  const target = policy.voters === 0 ? votersMax : policy.voters
  const others = syncedStandbys(surroundings, current).filter((other) => other !== vote)
  const size = voters.length + 1
  if (size <= target && (!policy.odd || size % 2 === 1)) return [...voters, vote]
  const [along] = pick(surroundings, others, { beside: [...voters, vote], count: 1 })
  if (policy.odd && size + 1 <= target && along !== undefined) {
    return [...voters, vote, along]
  }
  const unchosen = voters.filter((each) => !isChosen(current, each))
  const least =
    leastWorth(surroundings, current, unchosen) ??
    leastWorth(surroundings, current, voters) ??
    voters.at(-1)
  return [...voters.filter((each) => each !== least), vote]
}

/**
 * Standbys take the places, those that only just became some, too: a person waits. What then is still even gives up the vote
 * that is worth least, as when somebody leaves.
 */
function without(scene: Scene, held: readonly VoteId[], wish: Wish): Answer | Appointment {
  const { surroundings, current, about } = scene
  const { policy } = surroundings
  const staying = current.voters.filter((vote) => !held.includes(vote))
  const ready = syncedStandbys(surroundings, current).filter((vote) => storeOfVote(vote) !== about)
  const filled = [...staying, ...pick(surroundings, ready, { beside: staying, count: held.length })]
  const least =
    policy.odd && filled.length % 2 === 0 ? leastWorth(surroundings, current, filled) : undefined
  const voters = filled.filter((vote) => vote !== least)
  if (voters.length === 0) return 'lastVoter'
  const floor = policy.allowShrinkToOne ? 1 : Math.min(policy.minVoters, current.voters.length)
  return voters.length < floor ? 'tooFew' : { voters, wishes: wished(scene, wish) }
}

/** The same checks as for what the group does by itself: a change whose majorities are not there now would only block it. */
function checked({ surroundings, current }: Scene, wanted: Appointment): Judged {
  const { state } = surroundings
  const voters = [...wanted.voters].sort()
  const there = votesThere(surroundings)
  if (!isMajority(current.voters, there) || !isMajority(voters, there)) return 'notReached'
  const alone = voters.every((vote) => state.votes.includes(vote))
  if (alone && lacksHeir(surroundings)) return undefined
  return { voters, wishes: wishesWith(wanted.wishes, voters) }
}
