/**
 * Changes that a person makes by pointing, as lines of the scenario: so a run stays its text and its seed, whoever plays it.
 * Pure; the simulator reads the lines.
 */
import type { Direction } from '@unanimous/simulator'

export const clauses = ['crash', 'restart', 'freeze', 'resume', 'hide', 'show'] as const

export type Clause = (typeof clauses)[number]

/** Which ways a link carries, seen from the first of its two ends. */
export type Carries = 'both' | 'there' | 'back' | 'none'

const next: Readonly<Record<Carries, Carries>> = {
  both: 'there',
  there: 'back',
  back: 'none',
  none: 'both',
}

export function carries(up: readonly Direction[], a: string, b: string): Carries {
  const there = up.some(({ from, to }) => from === a && to === b)
  const back = up.some(({ from, to }) => from === b && to === a)
  return there && back ? 'both' : there ? 'there' : back ? 'back' : 'none'
}

export const afterPress = (now: Carries): Carries => next[now]

/** From `atMs` on the link between a and b carries what is wanted. */
export function withLink(
  text: string,
  atMs: number,
  { a, b, now }: { readonly a: string; readonly b: string; readonly now: Carries },
): string {
  switch (afterPress(now)) {
    case 'both':
      return withLine(text, `at ${atMs}ms heal ${a}-${b}`)
    case 'there':
      return withLine(text, `at ${atMs}ms cut ${b}>${a}`)
    case 'back':
      return withLine(text, `at ${atMs}ms heal ${b}>${a}`, `at ${atMs}ms cut ${a}>${b}`)
    case 'none':
      return withLine(text, `at ${atMs}ms cut ${a}-${b}`)
  }
}

export const withClause = (text: string, atMs: number, clause: Clause, name: string): string =>
  withLine(text, `at ${atMs}ms ${clause} ${name}`)

/** Events of one moment happen in the order of their lines, so new ones go last. */
const withLine = (text: string, ...lines: readonly string[]): string =>
  `${text.trimEnd()}\n${lines.join('\n')}\n`

export function carriesWords(a: string, b: string, way: Carries): string {
  switch (way) {
    case 'both':
      return `${a} and ${b} hear each other`
    case 'there':
      return `${b} hears ${a}, ${a} does not hear ${b}`
    case 'back':
      return `${a} hears ${b}, ${b} does not hear ${a}`
    case 'none':
      return `${a} and ${b} do not hear each other`
  }
}
