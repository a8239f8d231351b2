/**
 * What a person wants of the group, from any tab: it is asked of the leader each round until that one says that it is so, or why
 * not. The leader keeps nothing of it: asked again, it looks at what is, and does the next step towards what is wanted.
 */
import type { Appointing } from '../membership/appointing.ts'
import { judgeAppointing } from '../membership/appointing.ts'
import { holdsNewestVote } from '../membership/members.ts'
import { isReached } from '../overlay/failure-detector.ts'
import type { Act, Answer, Answered, Ask, AskMessage } from '../protocol/ask-message.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import { asksMax } from '../protocol/limits.ts'
import type { Leading } from '../protocol/state.ts'
import { ignore } from '../protocol/state.ts'
import type { OpenAsk } from './ask-state.ts'
import { configure, surroundingsOf } from './configuring.ts'
import type { Input } from './input.ts'
import { isWithinReach } from './relay.ts'
import { judgeRotate, rotate } from './rotating.ts'
import { candidatesFor, handOverTo } from './succession.ts'
import type { Step } from './surroundings.ts'
import { contextOf, isQuiet } from './surroundings.ts'

export type Request = Extract<Input, { type: 'ask' | 'askEnded' | 'rotate' }>

export const isRequest = (input: Input): input is Request =>
  input.type === 'ask' || input.type === 'askEnded' || input.type === 'rotate'

export function onRequest(step: Step, input: Request): void {
  const { asks } = step.replica
  if (input.type === 'askEnded') {
    asks.delete(input.id)
    return
  }
  if (input.type === 'rotate') return rotate(step, input)
  if (asks.size >= asksMax) return
  const { id, act, about, rotations } = input
  const ask: OpenAsk = { act, about, rotations, asked: undefined }
  asks.set(id, ask)
  put(step, id, ask)
}

/** Once a round: what may be lost is asked again, and of whoever leads by now. */
export function repeatAsks(step: Step): void {
  for (const [id, ask] of step.replica.asks) put(step, id, ask)
}

function put(step: Step, id: number, ask: OpenAsk): void {
  const { replica, out } = step
  const { role, incarnation } = replica.protocol
  if (role.phase === 'leading') {
    const answer = judge(step, role, { ...ask, by: replica.options.self })
    if (answer !== undefined) settle(step, id, answer)
    return
  }
  const to = leaderOf(step)
  if (to === undefined || !isWithinReach(replica, to)) return
  ask.asked = to
  const { act, about, rotations } = ask
  const question = { incarnation, question: id }
  out.sendNow.push({ to, message: { type: 'ask', ...question, act, about, rotations } })
}

/** An observer knows it from whoever feeds it. */
function leaderOf({ replica }: Step): ReplicaId | undefined {
  const { protocol, tree, view } = replica
  return protocol.observing === undefined ? view.followed.node : tree.word?.ballot.node
}

function settle({ replica, out }: Step, id: number, answer: Answer): void {
  if (replica.asks.delete(id)) out.notify.push({ type: 'answered', id, answer })
}

export function onAskMessage(step: Step, from: ReplicaId, message: AskMessage): void {
  if (message.type === 'ask') onAsk(step, from, message)
  else onAnswered(step, from, message)
}

function onAsk(step: Step, from: ReplicaId, message: Ask): void {
  const { role } = step.replica.protocol
  if (role.phase !== 'leading') return ignore(contextOf(step), from, 'ask', 'notLeading')
  const answer = judge(step, role, { ...message, by: from })
  if (answer === undefined) return
  const { incarnation, question } = message
  step.out.sendNow.push({
    to: from,
    message: { type: 'answered', incarnation, question, answer },
  })
}

function onAnswered(step: Step, from: ReplicaId, message: Answered): void {
  const { asks, protocol } = step.replica
  const { incarnation, question, answer } = message
  const asked = incarnation === protocol.incarnation ? asks.get(question)?.asked : undefined
  if (asked !== from) return ignore(contextOf(step), from, 'answered', 'notAsked')
  settle(step, question, answer)
}

interface Asked {
  readonly act: Act
  readonly about: ReplicaId
  readonly rotations: number
  /** Who asks. */
  readonly by: ReplicaId
}

/** Undefined: it is on its way, or nothing can be said yet. */
function judge(step: Step, role: Leading, asked: Asked): Answer | undefined {
  // Without a majority it may lead nobody any more, and cannot know.
  if (!step.replica.election.happy) return undefined
  // Whoever was asked to lead is on its way: it answers.
  if (role.gate !== undefined || step.replica.succession.under !== undefined) return undefined
  const { act, about } = asked
  if (act === 'rotate') return judgeRotate(step, role, asked)
  if (act === 'lead') return judgeLead(step, role, about)
  if (act === 'yield') return judgeYield(step, role, about)
  return appoint(step, role, act, about)
}

function judgeLead(step: Step, role: Leading, about: ReplicaId): Answer | undefined {
  const { replica, now } = step
  const { self } = replica.options
  if (about === self) return 'done'
  const peer = replica.peers.get(about)
  if (peer?.beacon === undefined) return 'unknown'
  if (!isReached(peer, now)) return 'notReached'
  if (!holdsNewestVote(replica.protocol, peer.beacon.votes)) return 'notVoter'
  if (peer.beacon.leaving || !peer.beacon.storageOk) return 'notReached'
  // It would only hand over to the next one.
  if (peer.beacon.quiet && !isQuiet(replica)) return 'hidden'
  // It is fetching the log of this leadership: soon.
  if (candidatesFor(step, role).others.some(({ id }) => id === about)) {
    handOverTo(step, role, about)
  }
  return undefined
}

function judgeYield(step: Step, role: Leading, about: ReplicaId): Answer | undefined {
  if (about !== step.replica.options.self) return 'done'
  const [best] = candidatesFor(step, role).others
  if (best === undefined) return 'nobody'
  if (best.beacon.quiet && !isQuiet(step.replica)) return 'hidden'
  handOverTo(step, role, best.id)
  return undefined
}

function appoint(step: Step, role: Leading, act: Appointing, about: ReplicaId): Answer | undefined {
  const judged = judgeAppointing(surroundingsOf(step, role), act, about)
  if (judged === undefined || typeof judged === 'string') return judged
  configure(step, role, judged)
  return undefined
}
