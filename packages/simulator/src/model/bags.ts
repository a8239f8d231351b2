/** Sets of messages on their way, by number: whole sets are numbers too, so that a state is a few of them. */
import { Catalog } from './catalog.ts'

const messagesMax = 1 << 22

export class Bags {
  readonly #bags = new Catalog<readonly number[]>()
  /** By bag and message. */
  readonly #grown = new Map<number, number>()
  readonly #shrunk = new Map<number, number>()
  readonly empty: number = this.#number([])

  /** Ascending. */
  at(bag: number): readonly number[] {
    return this.#bags.at(bag)
  }

  with(bag: number, message: number): number {
    return this.#changed(this.#grown, bag, message, (before) =>
      before.includes(message) ? before : [...before, message].sort((a, b) => a - b),
    )
  }

  without(bag: number, message: number): number {
    return this.#changed(this.#shrunk, bag, message, (before) =>
      before.filter((each) => each !== message),
    )
  }

  #changed(
    known: Map<number, number>,
    bag: number,
    message: number,
    change: (before: readonly number[]) => readonly number[],
  ): number {
    const key = bag * messagesMax + message
    const found = known.get(key)
    if (found !== undefined) return found
    const after = this.#number(change(this.#bags.at(bag)))
    known.set(key, after)
    return after
  }

  #number(messages: readonly number[]): number {
    return this.#bags.idOf(messages.join(), () => messages)
  }
}
