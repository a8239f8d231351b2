/** The callers who wait to read. Knows how old a state may be for each of them, not how the group finds that out. */
import type { Clock } from '../ports/clock.ts'
import type { Millis, WallMillis } from '../protocol/ids.ts'
import { readsMax } from '../protocol/limits.ts'
import type { Input } from '../replica/input.ts'

/** How fresh the state must be that is read. */
export type Consistency =
  /** It holds all that anybody was told of before this read began: one round to a majority. */
  | 'linearizable'
  /** At most this old, counted from the last time that a majority confirmed it; then as above. */
  | { readonly maxAgeMs: number }
  /** It holds all that this store ever showed or wrote. */
  | 'session'
  /** Whatever is applied here. */
  | 'local'

/** Why a state may not be read; `aborted`: the caller gave up; `version`: what is decided is not run here any more. */
export type NotReadable = 'timeout' | 'aborted' | 'overloaded' | 'closed' | 'halted' | 'version'

/** `ok`: what is applied now is fresh enough. */
export type Readable = { readonly ok: true } | { readonly ok: false; readonly why: NotReadable }

/** A read that was asked for. */
export interface Read {
  /** Never rejects. */
  readonly done: Promise<Readable>
  /** The caller gives up. */
  cancel(): void
}

interface Waiting {
  readonly begun: Moment
  leftMs: number
  readonly resolve: (end: Readable) => void
}

interface Moment {
  readonly now: Millis
  readonly wall: WallMillis
}

/** What a timer of a hidden page takes: a tick that comes later says that this page slept, not that it waited. */
const latestTickMs = 1000

export class Reading {
  readonly #clock: Clock
  readonly #take: (input: Input) => boolean
  readonly #waiting = new Map<number, Waiting>()
  #next = 0
  #refuses = false
  #lookedAt: Millis | undefined
  /** The latest moment whose decided entries are known to be applied. */
  #confirmed: Moment | undefined

  constructor(clock: Clock, take: (input: Input) => boolean) {
    this.#clock = clock
    this.#take = take
  }

  begin(consistency: Consistency, timeoutMs: number): Read {
    if (consistency === 'local') return ended({ ok: true })
    if (this.#refuses) return ended({ ok: false, why: 'version' })
    if (this.#isYoung(consistency)) return ended({ ok: true })
    const id = this.#next
    const freshness = consistency === 'session' ? 'session' : 'linearizable'
    if (this.#waiting.size >= readsMax || !this.#take({ type: 'read', id, freshness })) {
      return ended({ ok: false, why: 'overloaded' })
    }
    this.#next += 1
    const done = new Promise<Readable>((resolve) => {
      this.#waiting.set(id, { begun: this.#moment(), leftMs: timeoutMs, resolve })
    })
    return { done, cancel: () => this.#giveUp(id, 'aborted') }
  }

  /** What is decided is not run here now, so that nothing here is fresh. */
  refuse(refuses: boolean): void {
    this.#refuses = refuses
    if (refuses) this.abandon('version')
  }

  /** These may be answered from what is applied now. */
  onReadable(ids: readonly number[]): void {
    for (const id of ids) {
      const waiting = this.#waiting.get(id)
      if (waiting === undefined) continue
      this.#waiting.delete(id)
      if (this.#confirmed === undefined || waiting.begun.now > this.#confirmed.now) {
        this.#confirmed = waiting.begun
      }
      waiting.resolve({ ok: true })
    }
  }

  /** Called with every tick. */
  look(): void {
    const now = this.#clock.now()
    const passedMs = Math.min(now - (this.#lookedAt ?? now), latestTickMs)
    this.#lookedAt = now
    for (const [id, waiting] of [...this.#waiting]) {
      waiting.leftMs -= passedMs
      if (waiting.leftMs <= 0) this.#giveUp(id, 'timeout')
    }
  }

  /** Nobody will hear anything any more. */
  abandon(why: NotReadable): void {
    for (const { resolve } of this.#waiting.values()) resolve({ ok: false, why })
    this.#waiting.clear()
  }

  #giveUp(id: number, why: NotReadable): void {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return
    this.#waiting.delete(id)
    this.#take({ type: 'readEnded', id })
    waiting.resolve({ ok: false, why })
  }

  /** A clock that stood still while the page slept, or was set back, makes nothing younger: the other one tells. */
  #isYoung(consistency: Consistency): boolean {
    if (typeof consistency === 'string' || this.#confirmed === undefined) return false
    const { now, wall } = this.#moment()
    const ageMs = Math.max(now - this.#confirmed.now, wall - this.#confirmed.wall)
    return ageMs <= consistency.maxAgeMs
  }

  #moment(): Moment {
    return { now: this.#clock.now(), wall: this.#clock.wall() }
  }
}

/** A read that ends as it begins. */
export const ended = (end: Readable): Read => ({
  done: Promise.resolve(end),
  cancel: () => undefined,
})
