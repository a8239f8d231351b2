/**
 * The protocol alone, under schedules that no election would choose: anybody may nominate itself at any time, configurations
 * are any sets of voters, messages wait for ever, twice or never, disks stop anywhere. Knows the phases of the protocol, no
 * links, beacons or clocks; only safety is judged here.
 */
import type {
  Context,
  Durable,
  Effects,
  Index,
  Message,
  ProtocolState,
  ReplicaId,
  Moment,
  StorageOp,
  VoteId,
} from '@unanimous/core/internal'
import {
  append,
  appendQueue,
  arm,
  askHeir,
  bequeath,
  checkInvariants,
  dropSpentVotes,
  forgetPromiser,
  freshProtocol,
  incarnation,
  isArmWriting,
  isUnresolved,
  joinsOf,
  millis,
  newestConfiguration,
  noEffects,
  onNoted,
  onPropose,
  ownVote,
  prepareOf,
  recover,
  renewSpentVotes,
  replicaId,
  replicate,
  resendUnacknowledged,
  retryLate,
  momentOf,
  stampFor,
  startPreparing,
  storeOfVote,
  wallMillis,
} from '@unanimous/core/internal'
import type { Proposals } from './agreement.ts'
import { Agreement, begunIn, proposalKey } from './agreement.ts'
import { beginning } from './beginning.ts'
import { casterOf, Claims, demandSingleCasters, takenIn } from './claims.ts'
import { Disk } from './disk.ts'
import { Promises } from './promises.ts'
import { receive } from './receive.ts'
import { Rng } from './rng.ts'

/** A way to break a rule from outside, to see that the checkers notice. */
export interface Sabotage {
  /** What the disk says at a restart. */
  readonly restart?: (durable: Durable) => Durable
  /** A message on its way. */
  readonly carry?: (message: Message) => Message
  /** Messages leave before their writes are durable. */
  readonly early?: boolean
}

export interface AdversaryOptions {
  readonly seed: number
  readonly steps: number
  readonly sabotage?: Sabotage
}

export interface AdversaryVerdict {
  readonly decided: number
  readonly configurations: number
  readonly leaderships: number
  /** Bequests. */
  readonly taken: number
}

interface Node {
  readonly id: ReplicaId
  readonly name: string
  disk: Disk
  start: number
  state: ProtocolState
  snapshot: Moment
  seq: number
  /** Steps whose writes are not durable yet, oldest first. */
  readonly pending: { readonly ops: readonly StorageOp[]; readonly effects: Effects }[]
  /** Its page is closed; what it wrote last may be on the disk or not. */
  closed: boolean
}

interface Parcel {
  readonly from: ReplicaId
  readonly to: ReplicaId
  readonly message: Message
}

const bagMax = 120
/** Four of these fill a message: longer logs travel in pieces. */
const largeCommand = new Uint8Array(60_000)

export function torment(options: AdversaryOptions): AdversaryVerdict {
  return new Adversary(options).play()
}

class Adversary {
  readonly #rng: Rng
  readonly #sabotage: Sabotage
  readonly #steps: number
  readonly #nodes: readonly Node[]
  readonly #proposals: Proposals = new Map()
  readonly #agreement: Agreement = new Agreement(this.#proposals)
  readonly #promises = new Promises()
  readonly #claims = new Claims()
  readonly #weights: readonly number[]
  readonly #loss: number
  readonly #large: boolean
  #taken = 0
  #bag: Parcel[] = []
  #now = 0

  constructor({ seed, steps, sabotage }: AdversaryOptions) {
    const rng = new Rng(seed ^ 0xad5e)
    this.#rng = rng
    this.#sabotage = sabotage ?? {}
    this.#steps = steps
    const ids = Array.from({ length: 3 + rng.below(4) }, () => replicaId(rng.hex(32)))
    const begun = beginning(ids, rng)
    this.#nodes = ids.map((id, at) => {
      const disk = new Disk()
      disk.commit([
        { type: 'promise', ballot: begun.ballot },
        {
          type: 'splice',
          from: 0 as Index,
          entries: begun.entries,
          accepted: begun.ballot,
          decidedEnd: begun.entries.length as Index,
        },
      ])
      return this.#open({ id, name: `n${at}`, disk, start: 0 })
    })
    this.#large = rng.chance(1, 3)
    this.#loss = rng.pick([0, 20, 150]) ?? 0
    // deliver, flush, nominate, ask again, propose, configure, resend, restart, forget a link, name an heir, close, ask the heir
    this.#weights = [
      ...[rng.pick([30, 60]) ?? 60, rng.pick([10, 25]) ?? 25, rng.pick([1, 3]) ?? 1, 6, 8],
      ...[rng.pick([1, 6]) ?? 1, 4, rng.pick([0, 1, 5]) ?? 1, 1],
      ...(rng.chance(2, 3) ? [3, rng.pick([1, 3]) ?? 1, 4] : [0, 0, 0]),
    ]
  }

  play(): AdversaryVerdict {
    for (let step = 0; step < this.#steps; step += 1) {
      this.#now += this.#rng.below(40)
      this.#strike()
    }
    const { entries, length } = this.#agreement
    return {
      decided: length,
      configurations: entries.filter(({ kind }) => kind === 'config').length,
      leaderships: entries.filter(({ kind }) => kind === 'noop').length,
      taken: this.#taken,
    }
  }

  #strike(): void {
    const rng = this.#rng
    const node = rng.pick(this.#nodes)
    if (node === undefined) return
    if (node.closed) return rng.chance(1, 8) ? this.#restart(node) : this.#deliver()
    let at = rng.below(this.#weights.reduce((sum, weight) => sum + weight, 0))
    const action = this.#weights.findIndex((weight) => (at -= weight) < 0)
    const actions: readonly (() => void)[] = [
      () => this.#deliver(),
      () => this.#flush(node),
      () => this.#act(node, (context) => startPreparing(context, this.#others(node))),
      () => this.#askAgain(node),
      () => this.#propose(node),
      () => this.#configure(node),
      () => this.#resend(node),
      () => this.#restart(node),
      () => this.#act(node, (context) => forgetPromiser(context, this.#otherThan(node))),
      () => this.#arm(node),
      () => this.#close(node),
      () => this.#lookAfterEstate(node),
    ]
    actions[action]?.()
    this.#demandSingleCasters()
  }

  #others(node: Node): readonly ReplicaId[] {
    return this.#nodes.map(({ id }) => id).filter((id) => id !== node.id)
  }

  #otherThan(node: Node): ReplicaId {
    return this.#rng.pick(this.#others(node)) ?? node.id
  }

  #open(fields: Pick<Node, 'id' | 'name' | 'disk' | 'start'>): Node {
    const { id, disk } = fields
    const start = fields.start + 1
    const state = freshProtocol(id, incarnation(start), [ownVote(id)])
    const context = this.#context(state)
    const sabotaged = this.#sabotage.restart?.(disk.read(id))
    if (sabotaged !== undefined) disk.restore(sabotaged, disk.incarnation)
    recover(context, disk.read(id))
    disk.commit([{ type: 'arm', armed: state.estate.armed }])
    const snapshot = momentOf(state)
    const node: Node = { ...fields, start, state, snapshot, seq: 0, pending: [], closed: false }
    this.#learn(node, context.out)
    return node
  }

  #context(state: ProtocolState): Context {
    return {
      state,
      out: noEffects(),
      now: millis(this.#now),
      wall: wallMillis(this.#now),
      wallAgreed: false,
    }
  }

  #learn(node: Node, effects: Effects): void {
    const witness = { name: node.name, id: node.id, incarnation: node.state.incarnation }
    for (const decided of effects.apply) {
      this.#agreement.learned(witness, decided, node.state.accepted)
    }
    const begun = begunIn(effects, node.state)
    if (begun !== undefined) this.#agreement.led(witness, begun.ballot, begun.log)
  }

  /** One step of one node, as the runtime would take it: what it wants sent waits for its writes. */
  #act(node: Node, action: (context: Context) => void): void {
    const { state } = node
    const context = this.#context(state)
    action(context)
    const { out } = context
    this.#taken += takenIn(out)
    checkInvariants(node.snapshot, state)
    node.snapshot = momentOf(state)
    this.#promises.stepped(node.name, { protocol: state, group: undefined }, out)
    this.#learn(node, out)
    this.#send(node, out.sendNow)
    if (this.#sabotage.early === true) this.#send(node, out.send.splice(0))
    node.pending.push({ ops: out.persist, effects: out })
  }

  #send(node: Node, envelopes: Effects['send']): void {
    for (const { to, message } of envelopes) {
      // Of each start, in order and once: nobody else could say it.
      if (message.type === 'noted') {
        this.#act(node, (context) => void onNoted(context, node.id))
        continue
      }
      if (this.#sabotage.early !== true) this.#promises.sent(node.name, node.disk, message)
      this.#claims.sent(node.name, message)
      if (to !== node.id && this.#rng.chance(this.#loss, 1000)) continue
      const carried = to === node.id ? message : (this.#sabotage.carry?.(message) ?? message)
      this.#bag.push({ from: node.id, to, message: carried })
    }
    while (this.#bag.length > bagMax) this.#bag.splice(this.#rng.below(this.#bag.length), 1)
  }

  #flush(node: Node): void {
    const count = 1 + this.#rng.below(node.pending.length + 1)
    const durable = node.pending.splice(0, count)
    node.disk.commit(durable.flatMap(({ ops }) => ops))
    for (const { effects } of durable) this.#send(node, effects.send)
  }

  /** Any message that waits, not the oldest; now and then it stays to come again. */
  #deliver(): void {
    const at = this.#rng.below(this.#bag.length + 1)
    const parcel = this.#bag[at]
    if (parcel === undefined) return
    if (!this.#rng.chance(1, 10)) this.#bag.splice(at, 1)
    const node = this.#nodes.find(({ id }) => id === parcel.to)
    if (node !== undefined && !node.closed) {
      this.#act(node, (context) => receive(context, parcel.from, parcel.message))
    }
  }

  #askAgain(node: Node): void {
    const { role } = node.state
    if (role.phase === 'follower') return
    const message = prepareOf(node.state, role.ballot)
    const to = this.#otherThan(node)
    this.#act(node, ({ out }) => out.send.push({ to, message }))
  }

  #propose(node: Node): void {
    const { id: author, start, seq } = node
    node.seq += 1
    const command = this.#large ? largeCommand : Uint8Array.of(seq & 0xff)
    this.#proposals.set(proposalKey({ author, incarnation: incarnation(start), seq }), command)
    const leader = this.#nodes.find(({ state }) => state.role.phase === 'leading')
    if (leader === undefined) return
    this.#act(leader, (context) => {
      onPropose(context, author, {
        ...{ type: 'propose', author, incarnation: incarnation(start), session: 1 as Index },
        ...{ low: Math.max(0, seq - 200), seq, commands: [command] },
      })
      const { role } = context.state
      if (role.phase !== 'leading') return
      appendQueue(context, role)
      replicate(context, role)
    })
  }

  /** Any set of voters, as soon as the rule for configurations allows one. */
  #configure(node: Node): void {
    const { state } = node
    const { role, log, decidedEnd } = state
    const before = newestConfiguration(log)
    if (role.phase !== 'leading' || before === undefined || role.gate !== undefined) return
    if (decidedEnd <= role.firstIndex || before.index >= decidedEnd) return
    const count = 1 + this.#rng.below(this.#nodes.length)
    const voters = this.#rng
      .shuffled(this.#nodes)
      .slice(0, count)
      .map((other) => this.#voteOf(other))
      .sort()
    this.#act(node, (context) => {
      const at = log.entries.length as Index
      role.gate = at
      const joins = joinsOf(before, voters, at)
      const stamp = stampFor(context, role)
      append(context, role, [{ kind: 'config', ballot: role.ballot, stamp, voters, joins }])
      replicate(context, role)
    })
  }

  /** Mostly its own; now and then one that somebody else may hold, or nobody. */
  #voteOf({ id, state: { estate } }: Node): VoteId {
    const own = estate.written.find((vote) => storeOfVote(vote) === id)
    return own === undefined || this.#rng.chance(8, 100) ? ownVote(id) : own
  }

  #arm(node: Node): void {
    const { estate, incarnation: start } = node.state
    if (isUnresolved(estate, start) || isArmWriting(estate)) return
    const heir = this.#rng.chance(3, 4) ? this.#otherThan(node) : undefined
    if (heir !== estate.armed?.heir) this.#act(node, (context) => arm(context, heir))
  }

  /** What was being written when the page went is there up to some point; what was to be said afterwards is not. */
  #close(node: Node): void {
    const heir = this.#nodes.find(({ id }) => id === node.state.estate.armed?.heir)
    const { accepted, log, decidedEnd } = heir?.state ?? node.state
    const known = { accepted, logEnd: log.entries.length as Index, decidedEnd }
    const leave = this.#rng.chance(7, 8)
    const tail = this.#rng.chance(1, 2) ? known : undefined
    this.#act(node, (context) => bequeath(context, tail, leave))
    if (node.state.estate.notSent) node.disk.notSent = node.start
    const kept = node.pending.splice(0, this.#rng.below(node.pending.length + 1))
    node.disk.commit(kept.flatMap(({ ops }) => ops))
    node.pending.length = 0
    node.closed = true
  }

  #lookAfterEstate(node: Node): void {
    this.#act(node, (context) => {
      askHeir(context)
      retryLate(context)
      dropSpentVotes(context)
      renewSpentVotes(context)
    })
  }

  /** J1: those who are open by what they may cast, those who are closed by what they could cast if they opened. */
  #demandSingleCasters(): void {
    demandSingleCasters(
      this.#nodes.map((node) => casterOf(node, node.closed ? undefined : node.state)),
    )
  }

  #resend(node: Node): void {
    const { role } = node.state
    if (role.phase !== 'leading') return
    this.#act(node, (context) => {
      resendUnacknowledged(context, role, 10)
      replicate(context, role)
    })
  }

  /** What was being written is there up to some point, and nothing of what was to be sent afterwards was sent. */
  #restart(node: Node): void {
    const kept = node.pending.splice(0, this.#rng.below(node.pending.length + 1))
    node.disk.commit(kept.flatMap(({ ops }) => ops))
    Object.assign(node, this.#open(node))
  }
}
