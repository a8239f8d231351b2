/**
 * Whether a group can go on without some of its stores. Reads every log there is; a god's view, for faults and checkers only.
 */
import type { Armed, Entry, ReplicaId, VoteId } from '@unanimous/core/internal'
import type { Tab } from './tab.ts'
import type { World } from './world.ts'

/** Every configuration that may still count at one tab: in force at its decided end, or above. */
function configurationsOf(tab: Tab): readonly (readonly VoteId[])[] {
  const { state, disk } = tab
  const log: readonly Entry[] = state?.protocol.log.entries ?? disk.entries
  const base = state?.protocol.log.base ?? disk.base
  const decidedEnd = tab.state?.protocol.decidedEnd ?? tab.disk.decidedEnd
  const all = log.flatMap((entry, at) => {
    const voters = votersOf(entry)
    return voters === undefined ? [] : [{ at: base + at, voters }]
  })
  const snapshot = state?.protocol.snapshots.last ?? disk.compacted?.snapshot
  const { index, voters } = snapshot?.head.configuration ?? { index: 0, voters: undefined }
  if (voters !== undefined && index < base) all.unshift({ at: index, voters })
  const first = all.findLastIndex(({ at }) => at < decidedEnd)
  return all.slice(Math.max(first, 0)).map(({ voters }) => voters)
}

function votersOf(entry: Entry): readonly VoteId[] | undefined {
  if (entry.kind === 'config') return entry.voters
  return entry.kind === 'genesis' ? [entry.founder as string as VoteId] : undefined
}

/** The votes that a store holds, unless an heir has them, or only somebody who is lost could tell whether it does. */
function keptVotes(world: World, tab: Tab, lost: ReadonlySet<string>): readonly VoteId[] {
  const { id, state, disk } = tab
  if (lost.has(id)) return []
  const stored = disk.estateFor(id)
  const { armed, written } = state?.protocol.estate ?? {
    armed: stored.armed,
    written: stored.votes,
  }
  const heirs = [armed, stored.armed].filter((each) => each !== undefined)
  return heirs.some((each) => lost.has(each.heir) || hasTaken(world, id, each)) ? [] : written
}

/** The heir holds them, or held them and passed them on. */
function hasTaken(world: World, giver: ReplicaId, { heir, incarnation }: Armed): boolean {
  const tab = [...world.tabs.values()].find(({ id }) => id === heir)
  const receipts = tab?.state?.protocol.estate.receipts ?? tab?.disk.estateFor(heir).receipts
  const receipt = receipts?.get(giver)
  return receipt?.verdict === 'held' && receipt.incarnation >= incarnation
}

/** `candidate` may be lost for ever, beside those that are `gone` already: a majority of every configuration that may count is left. */
export function mayLose(world: World, gone: ReadonlySet<ReplicaId>, candidate: Tab): boolean {
  const lost = new Set<string>([...gone, candidate.id])
  const tabs = [...world.tabs.values()]
  // Who only observes founds nothing, should nobody have kept the group.
  if (tabs.every(({ id, role }) => role !== 'member' || lost.has(id))) return false
  const kept = new Set(tabs.flatMap((tab) => keptVotes(world, tab, lost)))
  for (const tab of tabs) {
    // What only the gone knew counts no more; what the candidate knows does.
    if (gone.has(tab.id)) continue
    for (const voters of configurationsOf(tab)) {
      const left = voters.filter((vote) => kept.has(vote))
      if (left.length * 2 <= voters.length) return false
    }
  }
  return true
}
