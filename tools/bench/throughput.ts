/** How much three tabs write at once, beside bare channels and beside Yjs over y-webrtc, round by round. */
import { setTimeout as sleep } from 'node:timers/promises'
import { BenchError } from './bench-error.ts'
import type { CpuShare } from './cpu-shares.ts'
import { cpuShares, totalCpu } from './cpu-shares.ts'
import type { Profiler } from './profiler.ts'
import { cpuTimes } from './processes.ts'
import { median, spanMs } from './statistics.ts'
import type { Stand, Tab } from './stand.ts'
import { ask, askAll } from './stand.ts'
import type { Trio } from './trio.ts'
import { checkAgreement, openTrio, tabCount } from './trio.ts'

export interface ThroughputRound {
  /** Commands of 100 bytes that were decided, a second. */
  readonly writes: number
  /** Strict commits of one tab, a second, and commands in one of them. */
  readonly commits: number
  readonly batch: number
  /** Whether another tab took over the leadership meanwhile. */
  readonly leaderChanged: boolean
  /** Bytes a second over one bare channel, and over three at once. */
  readonly onePair: number
  readonly threePairs: number
  /** Updates of 100 bytes that reached all tabs, a second. */
  readonly updates: number
  /** Processors in use while the group wrote. */
  readonly cpu: CpuShare
  /** What one command costs all processes together, in microseconds; less dependent on what else the machine does. */
  readonly cpuMicroseconds: number
}

export interface Throughput {
  readonly bytes: number
  readonly outstanding: number
  readonly rounds: readonly ThroughputRound[]
  /** The medians of the rounds. */
  readonly writes: number
  readonly onePair: number
  readonly threePairs: number
  readonly updates: number
  /** Writes by updates. */
  readonly overUpdates: number
  /** What the commands need on the links, by what three bare channels carry. */
  readonly shareOfChannels: number
}

const bytes = 100
const outstanding = 1000
const forever = Number.MAX_SAFE_INTEGER
const sizes = {
  full: { rounds: 3, warmUpMs: 1500, writeMs: 5000, pumpMs: 2000, updates: 20_000 },
  quick: { rounds: 1, warmUpMs: 1000, writeMs: 2000, pumpMs: 1000, updates: 5000 },
} as const
const packetBytes = 16 * 1024
const windowBytes = 256 * 1024
/** A command goes to two other tabs; two in three come from a tab that does not lead and go to the leader first. */
const linksOfCommand = tabCount - 1 + (tabCount - 1) / tabCount
/** Between two measurements: what the one before left behind is cleared away. */
const calmMs = 500
const connectMsMax = 30_000

type Size = (typeof sizes)[keyof typeof sizes]

interface GroupRun {
  readonly writes: number
  readonly commits: number
  readonly batch: number
  readonly leaderChanged: boolean
  readonly cpu: CpuShare
  readonly cpuMicroseconds: number
}

async function writeAtOnce(trio: Trio, forMs: number): Promise<{ count: number; ms: number }> {
  const plan = { count: forever, forMs, outstanding, bytes }
  const runs = await askAll(trio.tabs, 'write', () => [plan])
  const strange = runs.filter(({ otherwise }) => Object.keys(otherwise).length > 0)
  if (strange.length > 0) {
    throw new BenchError(`Not all commands were decided: ${JSON.stringify(strange)}`)
  }
  return { count: runs.reduce((sum, { committed }) => sum + committed, 0), ms: spanMs(runs) }
}

async function measureGroup(
  stand: Stand,
  trio: Trio,
  { warmUpMs, writeMs }: Size,
  profiler: Profiler,
): Promise<GroupRun> {
  const warm = await writeAtOnce(trio, warmUpMs)
  const before = await ask(trio.leader, 'view')
  const cpuBefore = await cpuTimes(stand.browser)
  const run = await profiler.during('throughput', trio, () => writeAtOnce(trio, writeMs))
  const cpuAfter = await cpuTimes(stand.browser)
  const after = await ask(trio.leader, 'view')
  await checkAgreement(trio, warm.count + run.count)
  const commits = after.commits - before.commits
  const cpu = cpuShares({ before: cpuBefore, after: cpuAfter, ms: run.ms }, trio)
  return {
    writes: (run.count / run.ms) * 1000,
    commits: (commits / run.ms) * 1000,
    batch: run.count / commits,
    leaderChanged: before.ballot !== after.ballot,
    cpu,
    cpuMicroseconds: (1000 * totalCpu(cpu, trio) * run.ms) / run.count,
  }
}

/** Bytes a second over the channels of the given pairs, all at once. */
async function pump(
  tabs: readonly Tab[],
  pairs: readonly (readonly [number, number])[],
  forMs: number,
): Promise<number> {
  const runs = await Promise.all(
    pairs.map(([from, to]) => {
      const tab = tabs[from]
      if (tab === undefined) throw new BenchError(`There is no tab ${from}.`)
      return ask(tab, 'pump', { to, forMs, packetBytes, windowBytes })
    }),
  )
  return (runs.reduce((sum, run) => sum + run.bytes, 0) / spanMs(runs)) * 1000
}

async function connectDocuments(stand: Stand, tabs: readonly Tab[]): Promise<void> {
  const room = stand.room()
  for (const tab of tabs) {
    await ask(tab, 'openDocument', { room, signal: stand.topicsUrl, tab: tab.number })
  }
  const until = performance.now() + connectMsMax
  for (;;) {
    const peers = await askAll(tabs, 'documentPeers', () => [])
    if (peers.every((count) => count === tabs.length - 1)) return
    if (performance.now() > until) {
      throw new BenchError(
        `y-webrtc did not connect all tabs: they have ${peers.join(', ')} peers.`,
      )
    }
    await sleep(100)
  }
}

/** Updates a second that reach all tabs. Each tab has a profile of its own, so that no other way than WebRTC exists. */
async function measureDocuments(stand: Stand, { updates: count }: Size): Promise<number> {
  const { all: tabs, close } = await stand.openTabs(tabCount, 'apart')
  try {
    await connectDocuments(stand, tabs)
    const fill = async (each: number, total: number): Promise<number> => {
      const plan = { count: each, total, bytes, windowBytes }
      const runs = await askAll(tabs, 'fillDocument', () => [plan])
      if (new Set(runs.map(({ hash }) => hash)).size !== 1) {
        throw new BenchError('The documents of y-webrtc differ.')
      }
      if (runs.some(({ broadcastPeers }) => broadcastPeers > 0)) {
        throw new BenchError('y-webrtc used a BroadcastChannel.')
      }
      return ((each * tabs.length) / spanMs(runs)) * 1000
    }
    const warm = Math.ceil(count / 10)
    await fill(warm, warm * tabs.length)
    await sleep(calmMs)
    return await fill(count, (warm + count) * tabs.length)
  } finally {
    await close()
  }
}

async function measureRound(
  stand: Stand,
  size: Size,
  profiler: Profiler,
): Promise<ThroughputRound> {
  const trio = await openTrio(stand, 'raw')
  try {
    const group = await measureGroup(stand, trio, size, profiler)
    await sleep(calmMs)
    const onePair = await pump(trio.tabs, [[0, 1]], size.pumpMs)
    await sleep(calmMs)
    const circle = [
      [0, 1],
      [1, 2],
      [2, 0],
    ] as const
    const threePairs = await pump(trio.tabs, circle, size.pumpMs)
    await trio.close()
    const updates = await measureDocuments(stand, size)
    return { ...group, onePair, threePairs, updates }
  } finally {
    await trio.close()
  }
}

export async function measureThroughput(
  stand: Stand,
  quickness: keyof typeof sizes,
  profiler: Profiler,
  report: (line: string) => void,
): Promise<Throughput> {
  const size = sizes[quickness]
  const rounds: ThroughputRound[] = []
  for (let round = 1; round <= size.rounds; round += 1) {
    report(`throughput: round ${round} of ${size.rounds}`)
    rounds.push(await measureRound(stand, size, profiler))
  }
  const middle = (of: (round: ThroughputRound) => number): number => median(rounds.map(of))
  return {
    bytes,
    outstanding,
    rounds,
    writes: middle(({ writes }) => writes),
    onePair: middle(({ onePair }) => onePair),
    threePairs: middle(({ threePairs }) => threePairs),
    updates: middle(({ updates }) => updates),
    overUpdates: middle(({ writes, updates }) => writes / updates),
    shareOfChannels: middle(
      ({ writes, threePairs }) => (writes * bytes * linksOfCommand) / threePairs,
    ),
  }
}
