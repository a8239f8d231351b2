/** Who used the processors during a run, from two looks at the processes. */
import type { CpuTimes } from './processes.ts'
import type { Trio } from './trio.ts'

/** Processors in use, on average; 1 is one core all the time. */
export interface CpuShare {
  readonly leader: number
  /** Of one voter, on average. */
  readonly voter: number
  /** The browser's own process; IndexedDB's requests pass it. */
  readonly browser: number
  /** Its network and storage services. */
  readonly network: number
  readonly storage: number
  readonly others: number
}

export interface Looks {
  readonly before: CpuTimes
  readonly after: CpuTimes
  readonly ms: number
}

export function cpuShares({ before, after, ms }: Looks, { leader, voters }: Trio): CpuShare {
  const voterIds = new Set(voters.map(({ pid }) => pid))
  const sums = { leader: 0, voters: 0, browser: 0, network: 0, storage: 0, others: 0 }
  const kindOf = (pid: number, type: string): keyof typeof sums => {
    if (pid === leader.pid) return 'leader'
    if (voterIds.has(pid)) return 'voters'
    if (type === 'browser') return 'browser'
    if (/network/i.test(type)) return 'network'
    return /storage/i.test(type) ? 'storage' : 'others'
  }
  for (const [pid, { type, seconds }] of after) {
    sums[kindOf(pid, type)] += (1000 * (seconds - (before.get(pid)?.seconds ?? 0))) / ms
  }
  const { voters: all, ...rest } = sums
  return { ...rest, voter: all / Math.max(1, voters.length) }
}

/** All of it together. */
export const totalCpu = (share: CpuShare, { voters }: Trio): number =>
  share.leader +
  share.voter * voters.length +
  share.browser +
  share.network +
  share.storage +
  share.others
