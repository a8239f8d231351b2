/** What an application wants of a running replica beyond commands and reads, and waits for. Knows no protocol. */
import type { Clock } from '../ports/clock.ts'
import type { Act, Answer } from '../protocol/ask-message.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import type { Snapshot } from '../protocol/snapshot-state.ts'
import type { Input } from '../replica/input.ts'
import type { RuntimeEvent } from './news.ts'
import { awaitAnswer } from './waiting.ts'

export interface RequestParts {
  readonly clock: Clock
  readonly isRunning: () => boolean
  readonly subscribe: (listener: (event: RuntimeEvent) => void) => () => void
  /** False: there is no room for it. */
  readonly take: (input: Input) => boolean
}

/** How long somebody waits at most, and whether anybody does still; yes unless told. */
export interface Patience {
  readonly timeoutMs: number
  readonly isWanted?: () => boolean
}

/** The doors to a replica whose answers take a while. Each asks once, and may be called as often as wanted. */
export class Requests {
  readonly #parts: RequestParts
  #question = 0

  constructor(parts: RequestParts) {
    this.#parts = parts
  }

  /** Resolves when this replica has no vote any more, or after `timeoutMs`; true: it was let go. */
  async leave(timeoutMs: number): Promise<boolean> {
    const removed = await this.#await(
      { type: 'leave' },
      { timeoutMs },
      ({ type }) => type === 'removed' || undefined,
    )
    return removed ?? false
  }

  /** What a person wants of the group; `rotations`: see `Ask`. Undefined: no leader said anything to it in time; it may still come true. */
  async ask(
    act: Act,
    about: ReplicaId,
    patience: Patience,
    rotations = 0,
  ): Promise<Answer | undefined> {
    const id = this.#question
    this.#question += 1
    const ask: Input = { type: 'ask', id, act, about, rotations }
    const answer = await this.#await(ask, patience, (event) =>
      event.type === 'answered' && event.id === id ? event.answer : undefined,
    )
    this.#parts.take({ type: 'askEnded', id })
    return answer
  }

  /**
   * Sums up all that is decided here now, and keeps that in place of the log. Undefined: there is nothing, or its state cannot be
   * stored, or it did not come in time.
   */
  async summarize(patience: Patience): Promise<Snapshot | undefined> {
    const answer = await this.#await({ type: 'summarize' }, patience, (event) =>
      event.type === 'summarized' ? { snapshot: event.snapshot } : undefined,
    )
    return answer?.snapshot
  }

  #await<A>(
    request: Input,
    { timeoutMs, isWanted = () => true }: Patience,
    answerIn: (event: RuntimeEvent) => A | undefined,
  ): Promise<A | undefined> {
    const { clock, subscribe, take, isRunning } = this.#parts
    if (!isRunning()) return Promise.resolve(undefined)
    return awaitAnswer(
      {
        ...{ clock, subscribe, answerIn },
        isRunning: () => isRunning() && isWanted(),
        ask: () => void take(request),
      },
      timeoutMs,
    )
  }
}
