/**
 * A few stores of the protocol alone, whose messages arrive when the script says so, and whose writes are durable at once. For
 * dangers that need one certain order of events. Knows the phases of the protocol; what happens is for the script.
 */
import type {
  Context,
  Index,
  Message,
  Moment,
  ProtocolState,
  ReplicaId,
  Summary,
} from '@unanimous/core/internal'
import {
  checkInvariants,
  freshProtocol,
  incarnation,
  millis,
  momentOf,
  noEffects,
  onNoted,
  ownVote,
  recover,
  replicaId,
  wallMillis,
} from '@unanimous/core/internal'

import { Agreement, begunIn } from './agreement.ts'
import type { Proposals } from './agreement.ts'
import { foundedBy } from './beginning.ts'
import { Disk } from './disk.ts'
import { Promises } from './promises.ts'
import { receive } from './receive.ts'

export interface Actor {
  readonly id: ReplicaId
  readonly name: string
  readonly disk: Disk
  readonly state: ProtocolState
  snapshot: Moment
  /** Its application was asked for the state at this place, and has not answered. */
  asked: Summary | undefined
}

/** A message that waits for the script. */
export interface Held {
  readonly from: Actor
  readonly to: Actor
  readonly message: Message
}

export class Stage {
  readonly actors: readonly Actor[]
  readonly #agreement: Agreement
  readonly #promises = new Promises()
  #held: Held[] = []

  /** All of them vote. */
  constructor(count: number, proposals: Proposals) {
    this.#agreement = new Agreement(proposals)
    const ids = Array.from({ length: count }, (_, at) => replicaId(`${at}`.repeat(32)))
    const { ballot, entries } = foundedBy(ids[0], ids)
    const accepted = ballot
    const decidedEnd = entries.length as Index
    this.actors = ids.map((id, at) => {
      const disk = new Disk()
      disk.commit([
        { type: 'promise', ballot },
        { type: 'splice', from: 0 as Index, entries, accepted, decidedEnd },
      ])
      const state = freshProtocol(id, incarnation(1), [ownVote(id)])
      const context = contextOf(state)
      recover(context, disk.read(id))
      const actor: Actor = {
        id,
        name: `s${at}`,
        disk,
        state,
        snapshot: momentOf(state),
        asked: undefined,
      }
      this.#learn(actor, context)
      return actor
    })
  }

  /** One step of one of them, checked as every step is; what it says waits. */
  act(actor: Actor, action: (context: Context) => void): void {
    const context = contextOf(actor.state)
    action(context)
    const { out } = context
    checkInvariants(actor.snapshot, actor.state)
    actor.snapshot = momentOf(actor.state)
    this.#promises.stepped(actor.name, { protocol: actor.state, group: undefined }, out)
    this.#learn(actor, context)
    actor.asked = out.apply.findLast(({ capture }) => capture)?.capture ?? actor.asked
    actor.disk.commit(out.persist)
    for (const { to, message } of [...out.sendNow, ...out.send]) this.#say(actor, to, message)
  }

  #say(from: Actor, to: ReplicaId, message: Message): void {
    if (message.type === 'noted') {
      this.act(from, (context) => {
        onNoted(context, from.id)
      })
      return
    }
    this.#promises.sent(from.name, from.disk, message)
    const receiver = this.actors.find(({ id }) => id === to)
    if (receiver !== undefined) this.#held.push({ from, to: receiver, message })
  }

  #learn(actor: Actor, { out, state }: Context): void {
    const witness = { name: actor.name, id: actor.id, incarnation: state.incarnation }
    for (const decided of out.apply) this.#agreement.learned(witness, decided, state.accepted)
    const begun = begunIn(out, state)
    if (begun !== undefined) this.#agreement.led(witness, begun.ballot, begun.log)
  }

  /** Takes out of the waiting what `which` says, oldest first. */
  take(which: (held: Held) => boolean): readonly Held[] {
    const taken = this.#held.filter(which)
    this.#held = this.#held.filter((held) => !taken.includes(held))
    return taken
  }

  deliver(held: Held): void {
    this.act(held.to, (context) => {
      receive(context, held.from.id, held.message)
    })
  }

  /** Delivers what these say to each other, until they have nothing more to say. */
  talk(...among: readonly Actor[]): void {
    for (;;) {
      const [next, ...later] = this.take(
        ({ from, to }) => among.includes(from) && among.includes(to),
      )
      if (next === undefined) return
      this.#held = [...later, ...this.#held]
      this.deliver(next)
    }
  }
}

const contextOf = (state: ProtocolState): Context => ({
  ...{ state, out: noEffects(), now: millis(0), wall: wallMillis(0), wallAgreed: false },
})
