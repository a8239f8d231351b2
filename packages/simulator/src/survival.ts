/**
 * Whether a group can go on without some of its stores. Reads every log there is; a god's view, for faults and checkers only.
 */
import type { Entry, ReplicaId, VoteId } from '@unanimous/core/internal'
import type { Tab } from './tab.ts'
import type { World } from './world.ts'

/** Every configuration that may still count at one tab: in force at its decided end, or above. */
function configurationsOf(tab: Tab): readonly (readonly VoteId[])[] {
  const log: readonly Entry[] = tab.state?.protocol.log.entries ?? tab.disk.entries
  const decidedEnd = tab.state?.protocol.decidedEnd ?? tab.disk.decidedEnd
  const all = log.flatMap((entry, at) => {
    const voters = votersOf(entry)
    return voters === undefined ? [] : [{ at, voters }]
  })
  const first = all.findLastIndex(({ at }) => at < decidedEnd)
  return all.slice(Math.max(first, 0)).map(({ voters }) => voters)
}

function votersOf(entry: Entry): readonly VoteId[] | undefined {
  if (entry.kind === 'config') return entry.voters
  return entry.kind === 'genesis' ? [entry.founder as string as VoteId] : undefined
}

/** `candidate` may be lost for ever, beside those that are `gone` already: a majority of every configuration that may count is left. */
export function mayLose(world: World, gone: ReadonlySet<ReplicaId>, candidate: Tab): boolean {
  const lost = new Set<string>([...gone, candidate.id])
  if ([...world.tabs.values()].every(({ id }) => lost.has(id))) return false
  for (const tab of world.tabs.values()) {
    // What only the gone knew counts no more; what the candidate knows does.
    if (gone.has(tab.id)) continue
    for (const voters of configurationsOf(tab)) {
      const left = voters.filter((vote) => !lost.has(vote))
      if (left.length * 2 <= voters.length) return false
    }
  }
  return true
}
