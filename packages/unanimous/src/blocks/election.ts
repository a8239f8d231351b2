/** Elections by name: one tab of those that stand is the one, until it resigns or vanishes. */
import type { Machine, MemberId } from '../machine.ts'
import { defineMachine } from '../machine.ts'
import { createObservers } from '@unanimous/core'
import { complain } from '../complaint.ts'
import type { Held } from './held-lease.ts'
import { after } from './host.ts'
import type { Host } from './host.ts'
import type { LeaseCommands, Leases } from './lease.ts'
import { leaseCommands, leaseOf, leaseValidation } from './lease.ts'
import type { LeaseAsks, LeasePlace } from './lock.ts'
import { acquireLease } from './lock.ts'

/** The machine of all elections of a group. */
export const electionMachine: Machine<Leases, LeaseCommands> = defineMachine({
  name: 'election',
  version: 1,
  initial: (): Leases => ({ held: {} }),
  commands: leaseCommands,
  validate: leaseValidation,
})

/** A group that has elections. */
export type ElectionHost = Host<'election', Leases, LeaseAsks>

/** What a candidate may look at in itself. */
export interface Candidate {
  /** The page can be seen. */
  readonly visible: boolean
}

/** Who stands, and how long an elected tab lives without a word. */
export interface ElectionOptions {
  /** Whether this tab stands now; asked whenever the group changes. Always unless told. */
  readonly eligible?: (me: Candidate) => boolean
  /** An elected tab that vanishes is replaced after this; 5000 unless told. */
  readonly ttlMs?: number
}

/** One election, in which this tab stands until `resign`. */
export interface Election {
  readonly isMe: boolean
  /** Who is elected, as this tab knows. */
  readonly leader: MemberId | undefined
  /** Grows from one elected tab to the next; undefined before the first. */
  readonly fence: number | undefined
  /** Called when `leader` or `isMe` has changed. Returns how to stop. */
  onChange(listener: () => void): () => void
  /** Stands no more, and gives the office back. */
  resign(): Promise<void>
}

const ttlMsDefault = 5000
const retryMs = 1000

/**
 * Stands for `key`.
 *
 * @example
 * const saver = election(group, 'saver', { eligible: ({ visible }) => visible })
 * saver.onChange(() => { if (saver.isMe) startSaving(saver.fence) })
 */
export function election(
  group: ElectionHost,
  key: string,
  options: ElectionOptions = {},
): Election {
  return new Campaign(group, key, options)
}

const electionLeases = (group: ElectionHost): LeasePlace => ({
  me: group.me,
  leases: () => group.state.election,
  asks: {
    claim: group.do['election.claim'],
    renew: group.do['election.renew'],
    release: group.do['election.release'],
    cancel: group.do['election.cancel'],
  },
  subscribe: (listener) => group.subscribe(listener),
})

class Campaign implements Election {
  readonly #group: ElectionHost
  readonly #key: string
  readonly #eligible: (me: Candidate) => boolean
  readonly #ttlMs: number
  readonly #observers = createObservers<undefined>(complain)
  readonly #stop: () => void
  #standing: AbortController | undefined
  #held: Held | undefined
  #resigned = false
  #told = ''

  constructor(group: ElectionHost, key: string, options: ElectionOptions) {
    this.#group = group
    this.#key = key
    this.#eligible = options.eligible ?? (() => true)
    this.#ttlMs = options.ttlMs ?? ttlMsDefault
    this.#stop = group.subscribe(() => this.#look())
    queueMicrotask(() => this.#look())
  }

  get isMe(): boolean {
    return this.#held?.lost.aborted === false
  }

  get leader(): MemberId | undefined {
    return leaseOf(this.#group.state.election, this.#key)?.holder.member
  }

  get fence(): number | undefined {
    return leaseOf(this.#group.state.election, this.#key)?.fence
  }

  onChange(listener: () => void): () => void {
    return this.#observers.subscribe(listener)
  }

  async resign(): Promise<void> {
    this.#resigned = true
    this.#stop()
    await this.#stepDown()
    this.#tell()
  }

  #look(): void {
    const visible = !this.#group.status.clock.hidden
    const stands = !this.#resigned && this.#eligible({ visible })
    if (stands && this.#standing === undefined) void this.#stand()
    // What cannot be given back now runs out by itself.
    if (!stands && this.#standing !== undefined) this.#stepDown().catch(() => undefined)
    this.#tell()
  }

  async #stand(): Promise<void> {
    const standing = new AbortController()
    this.#standing = standing
    const { signal: abort } = standing
    const terms = { key: this.#key, ttlMs: this.#ttlMs }
    try {
      const held = await acquireLease(electionLeases(this.#group), terms, { abort })
      if (abort.aborted) return await held?.release()
      this.#held = held
      this.#tell()
      held?.lost.addEventListener('abort', () => this.#standAgain(standing), { once: true })
    } catch {
      // The group cannot be reached, or this tab stands no more: it tries again when it should.
      if (!abort.aborted) after(retryMs, () => this.#standAgain(standing))
    }
  }

  #standAgain(standing: AbortController): void {
    if (this.#standing !== standing) return
    this.#standing = undefined
    this.#look()
  }

  async #stepDown(): Promise<void> {
    const held = this.#held
    this.#standing?.abort()
    this.#standing = undefined
    this.#held = undefined
    await held?.release()
  }

  #tell(): void {
    const now = `${this.isMe} ${this.leader} ${this.fence}`
    if (now === this.#told) return
    this.#told = now
    this.#observers.publish(undefined)
  }
}
