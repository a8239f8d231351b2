/** Proposes many commands at once and measures each. Knows the counter; prints and shows nothing. */
import type { Group, Outcome } from 'unanimous'
import type { House, HouseCommands } from './house-machine.ts'

/** Of one tab: enough to keep the group's pipeline full, small against what a group lets wait. */
export const outstandingMax = 64
/** A proposal that certainly did not run is made again, this often. */
const triesMax = 5
const timeoutMs = 30_000

export interface Load {
  /** Per committed command, from proposing to its result here, repetitions included; in the order of completion. */
  readonly latenciesMs: readonly number[]
  readonly elapsedMs: number
  /** How many ended otherwise, by kind. */
  readonly failed: Readonly<Record<string, number>>
}

export async function runLoad(group: Group<House, HouseCommands>, commands: number): Promise<Load> {
  const latenciesMs: number[] = []
  const failed: Record<string, number> = {}
  const startedAt = performance.now()
  let left = commands
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const proposedAt = performance.now()
      const { kind } = await countOnce(group)
      if (kind === 'committed') latenciesMs.push(performance.now() - proposedAt)
      else failed[kind] = (failed[kind] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: Math.min(outstandingMax, commands) }, worker))
  return { latenciesMs, elapsedMs: performance.now() - startedAt, failed }
}

async function countOnce(group: Group<House, HouseCommands>): Promise<Outcome<unknown>> {
  let outcome: Outcome<unknown> = { kind: 'not-sent', why: 'timeout' }
  for (let tries = 0; tries < triesMax && outcome.kind === 'not-sent'; tries += 1) {
    const proposal = group.do.count(undefined, { timeoutMs })
    // Its failure is in the outcome.
    proposal.catch(() => undefined)
    outcome = await proposal.outcome
  }
  return outcome
}

/** The value below or at which this share of the values lies; `share` in [0, 1]. Undefined for no values. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]
}
