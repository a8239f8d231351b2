/** A run as a page that a person can read: leaders, configurations, faults, and in which windows something was decided. */

/** One thing that happened, in milliseconds from time 0. */
export interface StoryLine {
  readonly atMs: number
  readonly text: string
}

const windowsInRow = 100
const turnsMax = 15
/** A run that goes on for ever must not fill the disk. */
const linesMax = 20_000

export class Story {
  readonly lines: StoryLine[] = []

  add(atMs: number, text: string): void {
    const last = this.lines.at(-1)
    if (last?.text === text && last.atMs === atMs) return
    if (this.lines.length < linesMax) this.lines.push({ atMs, text })
  }
}

const seconds = (ms: number): string => (Math.round(ms / 100) / 10).toFixed(1).padStart(8)

export function eventsOf(lines: readonly StoryLine[]): readonly string[] {
  return lines.map(({ atMs, text }) => `${seconds(atMs)} s  ${text}`)
}

/** Rows of ten seconds, a mark a window, ten a second; rows that say the same are one. */
export function windowsOf(windows: readonly boolean[]): readonly string[] {
  const rows: { from: number; to: number; text: string }[] = []
  for (let at = 0; at < windows.length; at += windowsInRow) {
    const row = windows.slice(at, at + windowsInRow)
    const text = summaryOf(row)
    const last = rows.at(-1)
    const to = at + row.length
    if (last?.text === text && !text.includes('#')) last.to = to
    else rows.push({ from: at, to, text })
  }
  return rows.map(
    ({ from, to, text }) => `${String(from / 10).padStart(6)} s to ${String(to / 10)} s  ${text}`,
  )
}

function summaryOf(row: readonly boolean[]): string {
  if (row.every((window) => window)) return 'every window'
  if (!row.includes(true)) return 'no window'
  // Where little is proposed, every other window is empty, and marks say nothing.
  const turns = row.filter((window, at) => window !== row[at - 1]).length
  if (turns > turnsMax) return `${row.filter(Boolean).length} of ${row.length} windows`
  const marks = row.map((window) => (window ? '#' : '.')).join('')
  return (marks.match(/.{1,10}/g) ?? []).join(' ')
}
