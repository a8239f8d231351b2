/** Writes down what the callers of a world see, and says at its end whether one register a key could have told them so. */
import type { Command, Decided, Effects, Input } from '@unanimous/core/internal'
import { proposalKey } from '../agreement.ts'
import type { Tab } from '../tab.ts'
import { demand } from '../violation.ts'
import type { Watcher } from '../watcher.ts'
import type { World } from '../world.ts'
import { History } from './history.ts'
import { checkLinearizability } from './linearizability.ts'

const readKey = ({ id, incarnation }: Tab, read: number): string =>
  `read ${id}.${incarnation}.${read}`

export class CallerWatcher implements Watcher {
  readonly history: History = new History()
  #clock: { readonly now: number } = { now: 0 }
  #decidedEnd = 0

  created(clock: { readonly now: number }): void {
    this.#clock = clock
  }

  stepped(_tab: Tab, _input: Input, { apply }: Effects): void {
    for (const { index, entry, repeat } of apply) {
      // Whoever learns it first; the others learn the same, as the agreement checks.
      if (index < this.#decidedEnd) continue
      this.#decidedEnd = index + 1
      if (entry.kind === 'command' && !repeat) this.history.decided(index, entry.command)
    }
  }

  proposed({ id: author, incarnation }: Tab, seq: number, command: Command): void {
    this.history.proposed(proposalKey({ author, incarnation, seq }), command, this.#clock.now)
  }

  readBegan(tab: Tab, id: number, command: Command): void {
    this.history.proposed(readKey(tab, id), command, this.#clock.now)
  }

  readDone(tab: Tab, id: number, appliedEnd: number): void {
    this.history.readDone(readKey(tab, id), appliedEnd, this.#clock.now)
  }

  applied(tab: Tab, { entry, index, repeat }: Decided): void {
    if (entry.kind !== 'command' || repeat) return
    const own = entry.author === tab.id && entry.incarnation === tab.incarnation
    if (own) this.history.answered(proposalKey(entry), index, this.#clock.now)
  }

  /** Two groups have two sets of registers, and their callers nothing in common: of those nothing is said. */
  check(world: World): void {
    this.history.end(world.now)
    if (world.groups !== 1) return
    const result = checkLinearizability(this.history.records)
    demand(result.kind === 'linearizable', 'linearizability', () =>
      result.kind === 'violation'
        ? result.why.join('\n')
        : `not decided after ${result.kind === 'undecided' ? result.tries : 0} orders`,
    )
  }
}
