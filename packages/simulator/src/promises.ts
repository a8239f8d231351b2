/**
 * What a message says about its sender's disk must be on that disk when the message leaves; and whatever is accepted in one
 * ballot is one log. Watches frames and writes, knows nothing of what is decided.
 */
import type { Ballot, Effects, Entry, Message, ReplicaState } from '@unanimous/core/internal'
import { compareBallots, sameBallot, sameEntry } from '@unanimous/core/internal'
import { show } from './agreement.ts'
import type { Disk } from './disk.ts'
import { demand } from './violation.ts'

const keyOf = ({ num, node }: Ballot): string => `${num}.${node}`

/** Who sends one of these has promised its ballot. */
const revealing = new Set<Message['type']>([
  ...(['prepare', 'promised', 'acceptSync', 'accept', 'decide', 'pull', 'takeOver'] as const),
])

export class Promises {
  /** The longest log seen of each ballot. */
  readonly #logs = new Map<string, (Entry | undefined)[]>()
  /** With how many entries each ballot began: those of its leader's first write in it. */
  readonly #begun = new Map<string, number>()
  /** How far the log of each one was compared already, and in which ballot. */
  readonly #compared = new Map<string, { readonly key: string; readonly end: number }>()

  /** `disk` as it is at the moment in which `message` leaves. */
  sent(name: string, disk: Disk, message: Message): void {
    if (message.type === 'accepted') this.#accepted(name, disk, message)
    else if (message.type === 'nack') this.#promised(name, disk, message.promised, message.type)
    else if (revealing.has(message.type) && 'ballot' in message) {
      this.#promised(name, disk, message.ballot, message.type)
    }
  }

  #promised(name: string, disk: Disk, ballot: Ballot, type: string): void {
    demand(
      compareBallots(disk.promised, ballot) >= 0,
      'durable',
      () =>
        `${name} sends ${type} of ${keyOf(ballot)}, but its disk promised ${keyOf(disk.promised)}`,
    )
  }

  #accepted(name: string, disk: Disk, message: Extract<Message, { type: 'accepted' }>): void {
    const { ballot, logEnd, decidedEnd } = message
    demand(
      sameBallot(disk.accepted, ballot)
        ? disk.logEnd >= logEnd
        : compareBallots(disk.accepted, ballot) > 0,
      'durable',
      () =>
        `${name} says it holds ${logEnd} of ${keyOf(ballot)}, its disk has ${disk.logEnd} of ${keyOf(disk.accepted)}`,
    )
    demand(
      disk.decidedEnd >= decidedEnd,
      'durable',
      () => `${name} says it knows ${decidedEnd} decided, its disk knows ${disk.decidedEnd}`,
    )
  }

  /** A step wrote to the log: what it now holds of a ballot is what everybody holds of it. */
  stepped(
    name: string,
    { protocol, group }: Pick<ReplicaState, 'protocol' | 'group'>,
    effects: Effects,
  ): void {
    for (const op of effects.persist) {
      if (op.type !== 'splice' && op.type !== 'rewrite') continue
      const key = `${keyOf(op.accepted)} in ${group?.id ?? ''}`
      const known = this.#logs.get(key) ?? []
      this.#logs.set(key, known)
      const { base } = protocol.log
      const from = op.type === 'splice' ? op.from : base
      const end = from + op.entries.length
      // J3: whoever accepts a ballot holds all that the ballot began with, however it came by it.
      const begun = this.#begun.get(key) ?? end
      this.#begun.set(key, begun)
      demand(end >= begun, 'J3', () => `${name} holds ${end} of ${key}, which began with ${begun}`)
      const before = this.#compared.get(name)
      const begin = before?.key === key ? Math.min(before.end, from) : 0
      this.#compared.set(name, { key, end })
      for (let at = begin; at < end; at += 1) {
        const [entry, other] = [protocol.log.entries[at - base], known[at]]
        if (entry === undefined) continue
        if (other === undefined) {
          known[at] = entry
          continue
        }
        if (entry === other) continue
        demand(
          sameEntry(entry, other),
          'oneLog',
          () => `${name} accepted ${show(entry)} at ${at} of ${key}, others ${show(other)}`,
        )
      }
    }
  }
}
