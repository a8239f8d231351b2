/**
 * Those who only watch: who feeds whom, and for how long each lacked what was decided. Is told how they stand, window by
 * window; knows no protocol. Times are milliseconds from time 0.
 */
import type { Watching } from './stage.ts'

/** One of them, and since when it has been there. */
interface Presence {
  readonly feeder: string | undefined
  readonly since: number
}

/** How old what one of them lacked was, at one moment. */
interface Lag {
  readonly who: string
  readonly at: number
  readonly ageMs: number
}

export class Audience {
  /** When somebody first knew each entry to be decided. */
  readonly #decidedAt: number[] = []
  readonly #lags: Lag[] = []
  #present: ReadonlyMap<string, Presence> = new Map()

  /** An entry that nobody knew to be decided. */
  decided(index: number, at: number): void {
    this.#decidedAt[index] = at
  }

  /** How all stand now. What changed since the last time, in words. */
  look(watching: readonly Watching[], at: number): readonly string[] {
    const before = this.#present
    this.#present = new Map(
      watching.map(({ name, feeder }) => [name, { feeder, since: before.get(name)?.since ?? at }]),
    )
    for (const { name: who, decidedEnd } of watching) this.#compare(who, decidedEnd, at)
    const changed = watching.filter(({ name, feeder }) => before.get(name)?.feeder !== feeder)
    const lost = changed.filter(({ feeder }) => feeder === undefined).map(({ name }) => name)
    const feeders = [...new Set(changed.flatMap(({ feeder }) => feeder ?? []))].sort()
    const fed = feeders.map((feeder) => {
      const names = changed.filter((each) => each.feeder === feeder).map(({ name }) => name)
      return `${feeder} feeds ${names.join(' ')}`
    })
    return lost.length === 0 ? fed : [...fed, `nobody feeds ${lost.join(' ')}`]
  }

  /** What was decided while it was away it has lacked since it came. */
  #compare(who: string, decidedEnd: number, at: number): void {
    const decidedAt = this.#decidedAt[decidedEnd]
    const since = this.#present.get(who)?.since
    if (decidedAt === undefined || since === undefined) return
    const ageMs = at - Math.max(decidedAt, since)
    if (ageMs > 0) this.#lags.push({ who, at, ageMs })
  }

  /** The longest time for which one of them lacked something that was decided, as seen from `afterMs` on. */
  behind(afterMs: number, from: readonly string[] | undefined): number {
    return this.#lags
      .filter(({ who, at }) => at >= afterMs && (from === undefined || from.includes(who)))
      .reduce((longest, { ageMs }) => Math.max(longest, ageMs), 0)
  }
}
