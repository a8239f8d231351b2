/** Looks for a violation with everything there is: schedules of the protocol alone, worlds of tabs, all states of a small group. */
import { InvariantViolation } from '@unanimous/core'
import { torment } from './adversary.ts'
import { fuzz, optionsFrom } from './fuzz.ts'
import type { Bounds } from './model/bounds.ts'
import { check } from './model/check.ts'
import { trials } from './trials.ts'
import { Violation } from './violation.ts'

export interface Catch {
  /** How many seeds were tried, or states visited; the last one shows it. */
  readonly tries: number
  /** The check that noticed. */
  readonly checker: string
}

const scheduleSteps = 4000

/** Votes are passed on once, and there are two who want to lead. */
const willBounds: Bounds = {
  nominationsOfOne: 2,
  nominations: 2,
  commands: 0,
  configurations: 0,
  restarts: 1,
  duplicates: 1,
  heirs: 1,
  closings: 1,
}

const stateBounds: Bounds = {
  nominationsOfOne: 2,
  nominations: 2,
  commands: 1,
  configurations: 1,
  restarts: 1,
  duplicates: 0,
  heirs: 0,
  closings: 0,
}

/** Undefined: nothing was noticed in `seedsMax` seeds from `from` on. Any other error than a broken check is thrown on: it is no proof. */
export function huntSchedules(seedsMax: number, from = 0): Catch | undefined {
  return hunt(seedsMax, (seed) => torment({ seed: from + seed, steps: scheduleSteps }))
}

/** As above, in worlds of tabs. */
export function huntWorlds(seedsMax: number, from = 0): Catch | undefined {
  return hunt(seedsMax, (seed) => fuzz(optionsFrom(from + seed)))
}

/** As above, in the worlds that are written by hand: each of them with so many seeds. */
export function huntTrials(seedsMax: number): Catch | undefined {
  return hunt(seedsMax * trials.length, (at) =>
    trials[at % trials.length]?.play(1 + Math.floor(at / trials.length)),
  )
}

/** As above, in everything that three stores can do within bounds. */
export function huntStates(statesMax: number): Catch | undefined {
  return huntWithin(stateBounds, statesMax)
}

/** As above, while votes are passed on. */
export function huntWills(statesMax: number): Catch | undefined {
  return huntWithin(willBounds, statesMax)
}

function huntWithin(bounds: Bounds, statesMax: number): Catch | undefined {
  const { states, violation } = check({ bounds, statesMax })
  return violation && { tries: states, checker: ruleOf(violation.message) }
}

function hunt(seedsMax: number, play: (seed: number) => unknown): Catch | undefined {
  for (let seed = 0; seed < seedsMax; seed += 1) {
    try {
      play(seed)
    } catch (error) {
      return { tries: seed + 1, checker: checkerOf(error) }
    }
  }
  return undefined
}

function checkerOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  if (cause instanceof InvariantViolation) return ruleOf(cause.message)
  if (error instanceof Violation) return error.rule
  throw error
}

/** Messages of checks begin with the name of the rule, or are the rule itself. */
const ruleOf = (message: string): string => message.split(':')[0] ?? message
