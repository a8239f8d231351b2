/** Watches a world and tells its last steps in sentences: faults, openings, leaderships, and what tabs say to each other. */
import type { Effects, Input, Message, ReplicaId } from '@unanimous/core/internal'
import { sentenceOf, wordBallot } from '../src/sentence.ts'
import type { Tab } from '../src/tab.ts'
import type { Watcher } from '../src/watcher.ts'

export interface WitnessOptions {
  /** Tell what is sent, too. */
  readonly frames: boolean
  /** How many of the last sentences. */
  readonly keep: number
}

export class Witness implements Watcher {
  readonly #options: WitnessOptions
  readonly #names = new Map<ReplicaId, string>()
  readonly #phases = new Map<string, string>()
  #clock: { readonly now: number } = { now: 0 }
  #sentences: string[] = []

  constructor(options: WitnessOptions) {
    this.#options = options
  }

  get sentences(): readonly string[] {
    return this.#sentences.slice(-this.#options.keep)
  }

  created(clock: { readonly now: number }): void {
    this.#clock = clock
  }

  struck(what: string): void {
    this.#say(what)
  }

  started(tab: Tab): void {
    this.#names.set(tab.id, tab.name)
    this.#phases.delete(tab.name)
    const { incarnation, disk } = tab
    this.#say(
      `${tab.name} opens for the ${incarnation}. time; its disk promised ${wordBallot(disk.promised)} and holds ${disk.logEnd} entries of ${wordBallot(disk.accepted)}`,
    )
  }

  stepped(tab: Tab, _input: Input, { apply }: Effects): void {
    const role = tab.state?.protocol.role
    const phase =
      role === undefined || role.phase === 'follower'
        ? 'follows'
        : `${role.phase} ${wordBallot(role.ballot)}`
    if (phase !== (this.#phases.get(tab.name) ?? 'follows')) this.#say(`${tab.name} ${phase}`)
    this.#phases.set(tab.name, phase)
    for (const { entry, index } of apply) {
      if (entry.kind !== 'config') continue
      const voters = entry.voters.map((vote) => this.#nameOf(vote as string as ReplicaId))
      this.#say(`${tab.name} learns that entry ${index} makes ${voters.join(' ')} the voters`)
    }
  }

  sent(tab: Tab, to: ReplicaId, message: Message): void {
    if (!this.#options.frames) return
    const what = sentenceOf(message)
    if (what !== undefined) this.#say(`${tab.name} to ${this.#nameOf(to)}: ${what}`)
  }

  #nameOf(id: ReplicaId): string {
    return this.#names.get(id) ?? id.slice(0, 4)
  }

  #say(sentence: string): void {
    this.#sentences.push(`${(this.#clock.now / 1000).toFixed(3).padStart(9)} s  ${sentence}`)
    if (this.#sentences.length > 2 * this.#options.keep) {
      this.#sentences = this.#sentences.slice(-this.#options.keep)
    }
  }
}
