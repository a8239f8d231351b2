/**
 * A change of leader, measured: this tab proposes ten times a second while somebody closes the leader's tab, and counts how
 * long nothing was decided and what was lost. Knows outcomes and leaders; draws nothing.
 */
import type { Group, Outcome } from 'unanimous'
import { every } from '../every.ts'
import type { House, HouseCommands } from '../house-machine.ts'

const everyMs = 100
/** After the change it goes on for so long, so that the new leader has shown that it decides. */
const afterMs = 1_500
const timeoutMs = 30_000
/** Nobody closed anything. */
const patienceMs = 90_000

export interface DrillResult {
  /** Undefined: the leader did not change in time. */
  readonly changed: { readonly to: string; readonly ballot: number } | undefined
  /** The longest time between two decided proposals of this tab. */
  readonly gapMs: number
  readonly proposed: number
  readonly decided: number
  /** Whose end is unknown, or which were decided and are not in the log. */
  readonly lost: number
}

export interface Drill {
  readonly result: Promise<DrillResult>
  stop(): void
}

type HouseGroup = Group<House, HouseCommands>

export function startDrill(group: HouseGroup): Drill {
  const before = group.status.leader
  const counted = group.state.count
  const ends: number[] = [performance.now()]
  const outcomes: Promise<Outcome<unknown>>[] = []
  let changed: DrillResult['changed']
  let isOver = false
  let changedAt = Infinity
  const propose = (): void => {
    const proposal = group.do.count(undefined, { timeoutMs })
    // Its failure is in the outcome.
    proposal.catch(() => undefined)
    const end = proposal.outcome
    outcomes.push(end)
    void end.then(({ kind }) => {
      if (kind === 'committed') ends.push(performance.now())
    })
  }
  const finished = new Promise<void>((resolve) => {
    const beganAt = performance.now()
    const stop = every(everyMs, () => {
      const now = performance.now()
      const { leader, ballot, phase } = group.status
      if (changed === undefined && leader !== undefined && leader !== before && phase === 'ready') {
        changed = { to: leader, ballot: ballot.num }
        changedAt = now
      }
      if (isOver || now - beganAt > patienceMs || now - changedAt > afterMs) {
        stop()
        resolve()
        return
      }
      propose()
    })
  })
  const result = finished.then(async () => {
    const all = await Promise.all(outcomes)
    const decided = all.filter(({ kind }) => kind === 'committed').length
    const unknown = all.filter(({ kind }) => kind === 'unknown').length
    // Others may count, too; but what was decided here is in the count, or it was lost.
    const missing = Math.max(0, decided - (group.state.count - counted))
    const gapMs = Math.max(0, ...ends.slice(1).map((at, after) => at - (ends[after] ?? at)))
    return { changed, gapMs, proposed: all.length, decided, lost: unknown + missing }
  })
  return {
    result,
    stop: () => {
      isOver = true
    },
  }
}

export function drillWords(
  { changed, gapMs, proposed, decided, lost }: DrillResult,
  nameOf: (id: string) => string,
): string {
  if (changed === undefined)
    return `The leader did not change. ${decided} of ${proposed} writes decided.`
  const seconds = (gapMs / 1000).toFixed(1)
  return (
    `New leader in ${seconds} s, ${lost} writes lost. ${nameOf(changed.to)} leads now, ballot ${changed.ballot}; ` +
    `${decided} of ${proposed} writes were decided on the way.`
  )
}
