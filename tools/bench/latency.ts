/** How long one command takes, beside the floor of the same bytes: a round trip and a strict commit. */
import type { LatencySamples } from './page/bench-page.ts'
import type { Profiler } from './profiler.ts'
import type { Summary } from './statistics.ts'
import { added, summarize } from './statistics.ts'
import type { Stand, Tab } from './stand.ts'
import { ask, askAll } from './stand.ts'
import { checkAgreement, openTrio } from './trio.ts'

/** Milliseconds. */
export interface TabLatency {
  readonly group: Summary
  readonly roundTrip: Summary
  readonly commit: Summary
  /** A round trip with the commit at the far end, in one go. */
  readonly farCommit: Summary
  /** The least that a group must do, on bare channels: commit in three tabs, until two have. */
  readonly bareQuorum: Summary
  /** One round trip and one commit, added cycle by cycle. */
  readonly floor: Summary
  /** Two round trips and one commit. */
  readonly twoTripFloor: Summary
  /** Median of the group's by that of the floor. */
  readonly ratio: number
  readonly twoTripRatio: number
  /** Median of the group's by that of `bareQuorum`: what is left is our own work. */
  readonly quorumRatio: number
}

export interface Latency {
  readonly bytes: number
  readonly leader: TabLatency
  readonly voter: TabLatency
}

const bytes = 100
const pauseMs = 10
const cycles = { full: 400, quick: 60 } as const
/**
 * The first thousands of calls run uncompiled, in the bare channels' code as in ours; what is measured is a tab that has been
 * in use for a while.
 */
const warmUp = {
  writes: { count: 3000, forMs: 60_000, outstanding: 8, bytes },
  cycles: { cycles: 200, pauseMs: 0, bytes },
} as const

function tabLatency({
  roundTrip,
  commit,
  farCommit,
  bareQuorum,
  group,
}: LatencySamples): TabLatency {
  const floor = summarize(added(roundTrip, commit))
  const twoTripFloor = summarize(added(roundTrip, roundTrip, commit))
  const bare = summarize(bareQuorum)
  const summary = summarize(group)
  return {
    group: summary,
    roundTrip: summarize(roundTrip),
    commit: summarize(commit),
    farCommit: summarize(farCommit),
    bareQuorum: bare,
    floor,
    twoTripFloor,
    ratio: summary.p50 / floor.p50,
    twoTripRatio: summary.p50 / twoTripFloor.p50,
    quorumRatio: summary.p50 / bare.p50,
  }
}

export async function measureLatency(
  stand: Stand,
  size: 'full' | 'quick',
  profiler: Profiler,
): Promise<Latency> {
  const trio = await openTrio(stand, 'raw')
  try {
    const { leader, voters } = trio
    const voter = voters[0] ?? leader
    const warm = await askAll(trio.tabs, 'write', () => [warmUp.writes])
    for (const tab of [leader, voter]) await ask(tab, 'sampleLatency', warmUp.cycles)
    const sample = (what: string, tab: Tab): Promise<LatencySamples> =>
      profiler.during(what, trio, () =>
        ask(tab, 'sampleLatency', { cycles: cycles[size], pauseMs, bytes }),
      )
    const fromLeader = await sample('latency-from-leader', leader)
    const fromVoter = await sample('latency-from-voter', voter)
    const written = warm.reduce((sum, { committed }) => sum + committed, 0)
    await checkAgreement(trio, written + 2 * (warmUp.cycles.cycles + cycles[size]))
    return { bytes, leader: tabLatency(fromLeader), voter: tabLatency(fromVoter) }
  } finally {
    await trio.close()
  }
}
