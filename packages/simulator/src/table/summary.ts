/** What several runs of one scenario with one protocol come to: medians. Knows figures only. */
import type { Protocol } from '../scenario/protocol.ts'
import type { Outcome } from '../scenario/run.ts'
import type { Scenario } from '../scenario/scenario.ts'

export interface Cell {
  /** Percent of windows in which something was decided, after the settle time. Medians, all of them. */
  readonly committed: number
  /** Percent of proposals that were answered. */
  readonly answered: number
  readonly stallMs: number
  readonly changes: number
  readonly handovers: number
  /** Links that a message took, on average. */
  readonly hops: number
  /** Who led last, in each of the runs, without repetition. */
  readonly leaders: readonly string[]
  readonly violations: number
}

export interface Row {
  readonly name: string
  /** What its first comment says. */
  readonly about: string
  /** The share that counts here: where little is proposed, most windows are empty. */
  readonly share: 'committed' | 'answered'
  /** What the product's expectations still wait for; empty: nothing. */
  readonly awaits: readonly string[]
  readonly cells: ReadonlyMap<Protocol, Cell>
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
}

export function cellOf(outcomes: readonly Outcome[]): Cell {
  const of = (figure: (outcome: Outcome) => number): number => median(outcomes.map(figure))
  return {
    committed: of(({ committed }) => committed),
    answered: of(({ answered }) => answered),
    stallMs: of(({ stallMs }) => stallMs),
    changes: of(({ changes }) => changes),
    handovers: of(({ handovers }) => handovers),
    hops: of(({ hops }) => hops),
    leaders: [...new Set(outcomes.map(({ leader }) => leader ?? 'nobody'))].sort(),
    violations: outcomes.reduce((sum, { violations }) => sum + violations, 0),
  }
}

export const shareOf = ({ expectations }: Scenario): Row['share'] =>
  expectations.some(({ metric }) => metric === 'committed') ? 'committed' : 'answered'

export const awaitsOf = ({ expectations }: Scenario): readonly string[] => [
  ...new Set(expectations.flatMap(({ awaits }) => (awaits === undefined ? [] : [awaits]))),
]

/** The first sentence of the comment at the head of a scenario, without its name. */
export function aboutOf(text: string): string {
  const lines = text.split('\n')
  const end = lines.findIndex((line) => !line.startsWith('#'))
  const comment = lines
    .slice(0, Math.max(end, 0))
    .map((line) => line.replace(/^#\s*/, ''))
    .join(' ')
  const [, ...rest] = comment.split(', ')
  return (rest.join(', ').split(/[.:;](?:\s|$)|\s\(/)[0] ?? '').trim()
}

/** Nothing at all comes through. */
export const isDead = (share: number): boolean => share < 5
