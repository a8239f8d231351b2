/** A run of the lab as the fragment of an address, and back. What does not fit is replaced by what is usual. Pure. */
import type { Protocol } from '@unanimous/simulator'

export interface Experiment {
  /** Of the preset that it began as. */
  readonly name: string
  /** Set if the text is no longer the preset's. */
  readonly text: string | undefined
  readonly left: Protocol
  readonly right: Protocol
  readonly seed: number
}

export type Sides = readonly [Protocol, ...Protocol[]]

/** What may stand on each side, the usual one first. */
export const leftSides: Sides = ['raft', 'raft-pv', 'raft-pv-cq', 'omni']
export const rightSides: Sides = ['unanimous', 'unanimous-direct']

export const seedMax = 999_999
/** Longer texts make addresses that are cut on the way. */
export const textMax = 6_000

export const usualExperiment: Experiment = {
  name: 'U1',
  text: undefined,
  left: 'raft',
  right: 'unanimous',
  seed: 1,
}

export const isLabAddress = (hash: string): boolean =>
  new URLSearchParams(hash.replace(/^#/, '')).has('lab')

export function fragmentOf({ name, text, left, right, seed }: Experiment): string {
  const words = new URLSearchParams({ lab: name, left, right, seed: String(seed) })
  if (text !== undefined) words.set('text', text)
  return `#${words.toString()}`
}

/**
 * Whom to put on the left of a network: the strongest Raft that it stops, where there is one. Each addition to Raft mends some
 * of these networks and breaks others; the comparison of all of them is in the table of the scenarios.
 */
const rivals: Readonly<Record<string, Protocol>> = {
  ...{ U1: 'raft', U2: 'raft', U3: 'raft', HA1: 'raft', CH: 'raft', C1: 'raft', T2: 'raft' },
  ...{ HA2: 'raft-pv', QL: 'raft-pv', DL: 'raft-pv' },
}

export const rivalOn = (name: string): Protocol =>
  (Object.hasOwn(rivals, name) ? rivals[name] : undefined) ?? 'raft-pv-cq'

export function experimentIn(hash: string, names: readonly string[]): Experiment {
  const words = new URLSearchParams(hash.replace(/^#/, ''))
  const asked = words.get('lab') ?? ''
  const name = names.includes(asked) ? asked : usualExperiment.name
  const text = words.get('text')
  const seed = Number(words.get('seed'))
  return {
    name,
    text: text === null || text.length > textMax ? undefined : text,
    left: oneOf(leftSides, words.get('left') ?? rivalOn(name)),
    right: oneOf(rightSides, words.get('right')),
    seed: isSeed(seed) ? seed : usualExperiment.seed,
  }
}

export const isSeed = (value: number): boolean =>
  Number.isSafeInteger(value) && value >= 1 && value <= seedMax

export const oneOf = (known: Sides, word: string | null): Protocol =>
  known.find((each) => each === word) ?? known[0]
