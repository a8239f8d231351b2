/** What is known of one run so far: its shots, its story, and how it ended. Knows no page and no protocol. */
import type { Outcome, Shot, StoryLine } from '@unanimous/simulator'

/** All of an outcome that a page shows. */
export type Ending = Pick<
  Outcome,
  | 'protocol'
  | 'committed'
  | 'stallMs'
  | 'changes'
  | 'handovers'
  | 'decided'
  | 'violations'
  | 'violation'
  | 'judgements'
>

export const shotMs = 100

export interface Recording {
  readonly shots: readonly Shot[]
  readonly story: readonly StoryLine[]
  readonly ending: Ending | undefined
}

export interface GrowingRecording extends Recording {
  readonly shots: Shot[]
  readonly story: StoryLine[]
  ending: Ending | undefined
}

export const emptyRecording = (): GrowingRecording => ({ shots: [], story: [], ending: undefined })

export function append(recording: GrowingRecording, shots: readonly Shot[]): void {
  for (const shot of shots) {
    recording.shots.push(shot)
    for (const line of shot.story) recording.story.push(line)
  }
}

/** The end of the part that is known. */
export const knownMs = ({ shots }: Recording): number => shots.at(-1)?.endMs ?? 0

/** The shot whose window holds `atMs`, or the last one that is known. */
export function shotAt({ shots }: Recording, atMs: number): Shot | undefined {
  return shots[Math.min(shots.length - 1, Math.max(0, Math.floor(atMs / shotMs)))]
}

/** Figures of the run up to a moment. */
export interface SoFar {
  /** Percent of the windows. */
  readonly committed: number
  /** The longest row of windows without a decision. */
  readonly stallMs: number
  readonly changes: number
  readonly handovers: number
  readonly decided: number
}

/** One pass over the shots, kept for every window. */
export function createTotals(): (recording: Recording, atMs: number) => SoFar | undefined {
  let of: readonly Shot[] | undefined
  let rows: { good: number; stall: number; open: number }[] = []
  return ({ shots }, atMs) => {
    if (of !== shots) [of, rows] = [shots, []]
    for (let at = rows.length; at < shots.length; at += 1) {
      const before = rows[at - 1] ?? { good: 0, stall: 0, open: 0 }
      const isGood = shots[at]?.isCommitted === true
      const open = isGood ? 0 : before.open + shotMs
      const stall = Math.max(before.stall, open)
      rows.push({ good: before.good + (isGood ? 1 : 0), stall, open })
    }
    const at = Math.min(shots.length, Math.floor(atMs / shotMs) + 1) - 1
    const [shot, row] = [shots[at], rows[at]]
    if (shot === undefined || row === undefined) return undefined
    const { changes, handovers, decided } = shot
    const committed = (row.good * 100) / (at + 1)
    return { committed, stallMs: row.stall, changes, handovers, decided }
  }
}
