/** The one history that all learn, as far as anybody ever learned it. Knows entries by their numbers. */
import type { Entry } from '@unanimous/core/internal'
import { show } from '../agreement.ts'
import { demand } from '../violation.ts'
import { Catalog } from './catalog.ts'

interface Place {
  readonly entry: Entry
  readonly repeat: boolean
}

export class Histories {
  readonly #entries: Catalog<Place>
  readonly #histories = new Catalog<readonly number[]>()
  readonly empty: number = this.#number([])

  constructor(entries: Catalog<Place>) {
    this.#entries = entries
  }

  /** The history that now holds. Throws a Violation if two learned different things, or one command runs twice. */
  learned(
    history: number,
    learned: readonly { readonly index: number; readonly entry: number }[],
  ): number {
    if (learned.length === 0) return history
    let known = this.#histories.at(history)
    for (const { index, entry } of learned) {
      const before = known[index]
      if (before !== undefined) {
        const words = (): string =>
          `${index} was ${this.#show(before)} and is ${this.#show(entry)} now`
        demand(before === entry, 'agreement', words)
        continue
      }
      demand(index === known.length, 'order', () => `${index} is learned before ${known.length}`)
      this.#demandOnce(known, entry)
      known = [...known, entry]
    }
    return this.#number(known)
  }

  #demandOnce(known: readonly number[], number: number): void {
    const { entry, repeat } = this.#entries.at(number)
    if (entry.kind !== 'command') return
    const ran = known.some((each) => {
      const { entry: other } = this.#entries.at(each)
      return other.kind === 'command' && other.seq === entry.seq
    })
    demand(ran === repeat, 'exactlyOnce', () => `${show(entry)} runs ${ran ? 'again' : 'never'}`)
  }

  #show(number: number): string {
    return show(this.#entries.at(number).entry)
  }

  #number(places: readonly number[]): number {
    return this.#histories.idOf(places.join(), () => places)
  }
}
