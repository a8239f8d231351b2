/** What a scenario says, once its text is understood: places, links, loads, events and expectations. Runs nothing. */
import type { Range } from '../rng.ts'

export type Role = 'voter' | 'standby' | 'observer' | 'client' | 'hub'

/** Who takes part, in the order of the text. */
export interface Place {
  readonly name: string
  readonly role: Role
}

/** One direction of one link. */
export interface Direction {
  readonly from: string
  readonly to: string
}

export interface LatencyRule {
  readonly directions: readonly Direction[]
  readonly rangeMs: Range
}

export interface Load {
  /** Reads go through the log too, for now. */
  readonly kind: 'write' | 'read'
  readonly perSecond: number
  readonly from: readonly string[]
}

export const placeFaults = [
  'crash',
  'restart',
  'freeze',
  'resume',
  'hide',
  'show',
  'close',
  'reload',
  'duplicate',
  'wipe',
  'rollback',
] as const

export type PlaceFault = (typeof placeFaults)[number]

export type Action =
  | { readonly type: 'cut'; readonly directions: readonly Direction[] }
  /** Without directions: everything is as it was at time 0. */
  | { readonly type: 'heal'; readonly directions: readonly Direction[] | undefined }
  /** `any`: one open voter, drawn from the seed. */
  | { readonly type: PlaceFault; readonly names: readonly string[] | 'any' }

export interface ScenarioEvent {
  readonly atMs: number
  /** Again and again, until `untilMs`. */
  readonly everyMs: number | undefined
  readonly untilMs: number
  readonly action: Action
  /** As it was written, for stories. */
  readonly text: string
}

export const metrics = [
  'committed',
  'stall',
  'answered',
  'behind',
  'changes',
  'handovers',
  'violations',
] as const

/**
 * `committed`, `answered`: percent; `stall`, `behind`: milliseconds; the others are counts. `answered` is the share of proposals
 * that were decided and whose proposer learned it; `behind` is the longest time for which one who watches lacked what was decided.
 */
export type Metric = (typeof metrics)[number]

export type Comparison = '>=' | '<=' | '='

export interface Expectation {
  readonly metric: Metric
  readonly comparison: Comparison
  readonly value: number
  /** Counted from here; 0 for those that are always counted from time 0. */
  readonly afterMs: number
  /** Whose proposals, for `answered`, or who watches, for `behind`; undefined: everybody. */
  readonly from: readonly string[] | undefined
  /** What the product does not have yet and this waits for; undefined: it must hold now. */
  readonly awaits: string | undefined
  readonly text: string
}

export interface Scenario {
  readonly places: readonly Place[]
  readonly latencyMs: Range
  readonly latencies: readonly LatencyRule[]
  /** Of a thousand messages. */
  readonly lost: number
  readonly duplicated: number
  readonly reordered: number
  /** Up at time 0; before it, everybody is linked to everybody. */
  readonly links: readonly Direction[]
  /** The configuration stays as it is. */
  readonly pinned: boolean
  /** Leads before time 0; undefined: whoever comes first. */
  readonly lead: string | undefined
  readonly loads: readonly Load[]
  readonly events: readonly ScenarioEvent[]
  readonly runMs: number
  readonly expectations: readonly Expectation[]
}

/** Where a text is wrong, and what was expected there. */
export interface ScenarioError {
  /** 1-based. */
  readonly line: number
  readonly message: string
}

export type ParsedScenario =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly errors: readonly ScenarioError[] }

/** How many of `events` an event stands for, as moments in milliseconds. */
export function momentsOf({ atMs, everyMs, untilMs }: ScenarioEvent): readonly number[] {
  if (everyMs === undefined) return [atMs]
  const moments: number[] = []
  for (let at = atMs; at <= untilMs; at += everyMs) moments.push(at)
  return moments
}

/** Everybody who can propose: all but hubs. */
export const proposersOf = (places: readonly Place[]): readonly string[] =>
  places.filter(({ role }) => role !== 'hub').map(({ name }) => name)

export const namesOf = (places: readonly Place[], ...roles: readonly Role[]): readonly string[] =>
  places.filter(({ role }) => roles.includes(role)).map(({ name }) => name)
