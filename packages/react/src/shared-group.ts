/** A group as components share it: with the states that their proposals would lead to, for whoever draws them in advance. */
import { createContext } from 'react'
import type { Context } from 'react'
import type { GroupStatus, MemberId, Presence, Proposal } from 'unanimous'

/** The part of a group that hooks use, whatever its machine. */
export interface AnyGroup {
  readonly me: MemberId
  readonly state: unknown
  readonly status: GroupStatus
  readonly presence: Presence
  readonly do: Readonly<Record<string, (args: never) => Proposal<unknown>>>
  subscribe(listener: () => void): () => void
  close(): void
}

type Guess = (state: unknown) => unknown

/** One group and what its tab expects of it. */
export class SharedGroup {
  readonly group: AnyGroup
  readonly #guesses = new Set<Guess>()
  readonly #listeners = new Set<() => void>()
  #drawn: { readonly decided: unknown; readonly state: unknown } | undefined

  constructor(group: AnyGroup) {
    this.group = group
  }

  /** What is decided, and on top of it what this tab has proposed and expects. The same until one of them changes. */
  readonly state = (): unknown => {
    const decided = this.group.state
    if (this.#drawn !== undefined && this.#drawn.decided === decided) return this.#drawn.state
    const state = [...this.#guesses].reduce((guessed, guess) => guess(guessed), decided)
    this.#drawn = { decided, state }
    return state
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    const stop = this.group.subscribe(listener)
    return () => {
      this.#listeners.delete(listener)
      stop()
    }
  }

  /** Draws what `guess` makes of the state until the returned function is called. */
  expect(guess: Guess): () => void {
    this.#guesses.add(guess)
    this.#redraw()
    return () => {
      this.#guesses.delete(guess)
      this.#redraw()
    }
  }

  #redraw(): void {
    this.#drawn = undefined
    for (const listener of [...this.#listeners]) listener()
  }
}

/** Undefined outside of a provider. */
export const SharedGroupContext: Context<SharedGroup | undefined> = createContext<
  SharedGroup | undefined
>(undefined)
