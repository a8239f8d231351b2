/** How long one command takes, beside the floor of the same bytes: a round trip and a strict commit. */
import type { LatencySamples } from './page/bench-page.ts'
import type { Profiler } from './profiler.ts'
import type { Summary } from './statistics.ts'
import { added, summarize } from './statistics.ts'
import type { Stand, Tab } from './stand.ts'
import { ask } from './stand.ts'
import { checkAgreement, openTrio } from './trio.ts'

/** Milliseconds. */
export interface TabLatency {
  readonly group: Summary
  readonly roundTrip: Summary
  readonly commit: Summary
  /** A round trip with the commit at the far end, in one go. */
  readonly farCommit: Summary
  /** One round trip and one commit, added cycle by cycle. */
  readonly floor: Summary
  /** Two round trips and one commit. */
  readonly twoTripFloor: Summary
  /** Median of the group's by that of the floor. */
  readonly ratio: number
  readonly twoTripRatio: number
}

export interface Latency {
  readonly bytes: number
  readonly leader: TabLatency
  readonly voter: TabLatency
}

const bytes = 100
const pauseMs = 10
const cycles = { full: 400, quick: 60 } as const
const warmUpCycles = 20

function tabLatency({ roundTrip, commit, farCommit, group }: LatencySamples): TabLatency {
  const floor = summarize(added(roundTrip, commit))
  const twoTripFloor = summarize(added(roundTrip, roundTrip, commit))
  const summary = summarize(group)
  return {
    group: summary,
    roundTrip: summarize(roundTrip),
    commit: summarize(commit),
    farCommit: summarize(farCommit),
    floor,
    twoTripFloor,
    ratio: summary.p50 / floor.p50,
    twoTripRatio: summary.p50 / twoTripFloor.p50,
  }
}

export async function measureLatency(
  stand: Stand,
  size: 'full' | 'quick',
  profiler: Profiler,
): Promise<Latency> {
  const trio = await openTrio(stand, 'raw')
  try {
    const sample = async (tab: Tab): Promise<LatencySamples> => {
      await ask(tab, 'sampleLatency', { cycles: warmUpCycles, pauseMs, bytes })
      return await ask(tab, 'sampleLatency', { cycles: cycles[size], pauseMs, bytes })
    }
    const { leader, voters } = trio
    const voter = voters[0] ?? leader
    const fromLeader = await profiler.during('latency-from-leader', trio, () => sample(leader))
    const fromVoter = await profiler.during('latency-from-voter', trio, () => sample(voter))
    await checkAgreement(trio, 2 * (warmUpCycles + cycles[size]))
    return { bytes, leader: tabLatency(fromLeader), voter: tabLatency(fromVoter) }
  } finally {
    await trio.close()
  }
}
