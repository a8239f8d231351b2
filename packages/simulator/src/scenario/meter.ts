/**
 * What a scenario measures: in which windows of 100 ms something was decided, the longest time without, and how leaders came
 * and went. Times are milliseconds from time 0. Knows no protocol.
 */
import type { Ballot } from '@unanimous/core/internal'
import { compareBallots } from '@unanimous/core/internal'
import { Audience } from './audience.ts'

export const windowMs = 100

/** A hand-over is over, or has failed, after this. */
const handOverMs = 5000

interface Proposed {
  readonly who: string
  readonly at: number
  answered: boolean
}

export class Meter {
  readonly #runMs: number
  readonly #windows: boolean[]
  /** When something new was decided, in order, each moment once. */
  readonly #moments: number[] = []
  readonly #proposed = new Map<string, Proposed>()
  #leader: { readonly who: string; readonly ballot: Ballot; deposed: boolean } | undefined
  #handOver: { readonly from: string; readonly to: string; readonly at: number } | undefined
  readonly audience: Audience = new Audience()
  changes = 0
  handovers = 0

  constructor(runMs: number) {
    this.#runMs = runMs
    this.#windows = Array.from({ length: Math.ceil(runMs / windowMs) }, () => false)
  }

  /** An entry that nobody knew to be decided. */
  decided(at: number): void {
    if (at < 0 || at > this.#runMs) return
    const window = Math.floor(at / windowMs)
    if (window < this.#windows.length) this.#windows[window] = true
    if (this.#moments.at(-1) !== at) this.#moments.push(at)
  }

  proposed(who: string, key: string, at: number): void {
    this.#proposed.set(key, { who, at, answered: false })
  }

  answered(key: string): void {
    const proposed = this.#proposed.get(key)
    if (proposed !== undefined) proposed.answered = true
  }

  handsOver(from: string, to: string, at: number): void {
    this.#handOver = { from, to, at }
  }

  yields(who: string): void {
    if (this.#leader?.who === who) this.#leader.deposed = true
  }

  /** What the new leadership is: the first, the same leader's next one, handed over, or a change. */
  leads(
    who: string,
    ballot: Ballot,
    at: number,
  ): 'first' | 'same' | 'late' | 'handover' | 'change' {
    const before = this.#leader
    if (before !== undefined && compareBallots(ballot, before.ballot) < 0) return 'late'
    this.#leader = { who, ballot, deposed: false }
    if (before === undefined) return 'first'
    if (before.who === who && !before.deposed) return 'same'
    const handed =
      this.#handOver?.from === before.who &&
      this.#handOver.to === who &&
      at - this.#handOver.at <= handOverMs
    this.#handOver = undefined
    if (at < 0) return 'first'
    if (handed) this.handovers += 1
    else this.changes += 1
    return handed ? 'handover' : 'change'
  }

  get leader(): string | undefined {
    return this.#leader?.who
  }

  get windows(): readonly boolean[] {
    return this.#windows
  }

  /** Percent of the windows from `afterMs` on. */
  committed(afterMs: number): number {
    const windows = this.#windows.slice(Math.ceil(afterMs / windowMs))
    if (windows.length === 0) return 100
    return (windows.filter(Boolean).length * 100) / windows.length
  }

  /** The longest time with nothing decided, from `afterMs` to the end. */
  stall(afterMs: number): number {
    let longest = 0
    let last = afterMs
    for (const moment of this.#moments) {
      if (moment < afterMs) continue
      longest = Math.max(longest, moment - last)
      last = moment
    }
    return Math.max(longest, this.#runMs - last)
  }

  /** Percent of the proposals that were made from `afterMs` on, but not in the last five seconds. */
  answeredShare(afterMs: number, from: readonly string[] | undefined): number {
    const lastMs = this.#runMs - 5000
    const counted = [...this.#proposed.values()].filter(
      ({ who, at }) => at >= afterMs && at <= lastMs && (from === undefined || from.includes(who)),
    )
    if (counted.length === 0) return 100
    return (counted.filter(({ answered }) => answered).length * 100) / counted.length
  }
}
