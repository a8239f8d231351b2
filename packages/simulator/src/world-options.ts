/** How a world is made: what its networks, disks and clocks are like. Knows no faults; those happen later. */
import type { MembershipPolicy } from '@unanimous/core/internal'
import type { Range } from './rng.ts'

export interface WorldOptions {
  readonly seed: number
  /** How many voters the group grows to. */
  readonly voters: number
  /** How the group looks after its voters, beside their number; as in the product unless told. */
  readonly membership?: Partial<MembershipPolicy>
  readonly latencyMs: Range
  /** Of a thousand messages. */
  readonly lost: number
  readonly duplicated: number
  /** Copies that arrive up to ten seconds late, even over a later link. */
  readonly late: number
  /** Of a thousand messages: those that later ones of their link may overtake. None if undefined. */
  readonly reordered?: number
  /** A link keeps the order of its messages. */
  readonly ordered: boolean
  readonly diskMs: Range
  /** Every message goes through the codec, as bytes. */
  readonly codec: boolean
  /** Frames may take ways through other tabs. */
  readonly relays: boolean
  readonly linkUpMs: Range
  /** How long a lost link goes unnoticed. */
  readonly linkDownMs: Range
  /** Invariants and promises are looked at after every step. True unless told: only a measurement of speed does without. */
  readonly checked?: boolean
  /** What the log may weigh before a snapshot is taken; none ever is, unless told. */
  readonly logBytes?: number
  /** The versions of the application's machine in a page that is loaded at this moment; none, it runs the same for any, unless told. */
  readonly page?: (now: number) => readonly number[]
  /** Wall clocks differ by up to this. */
  readonly wallSkewMs: number
}

/** A quiet local network. */
export const calm: Omit<WorldOptions, 'seed'> = {
  voters: 5,
  latencyMs: [2, 10],
  lost: 0,
  duplicated: 0,
  late: 0,
  ordered: true,
  diskMs: [2, 8],
  codec: false,
  relays: true,
  linkUpMs: [20, 60],
  linkDownMs: [20, 200],
  wallSkewMs: 1000,
}
