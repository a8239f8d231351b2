/** What a tab of the group holds after many commands, above a blank tab. */
import { setTimeout as sleep } from 'node:timers/promises'
import { BenchError } from './bench-error.ts'
import type { HeapMemory, ProcessMemory } from './processes.ts'
import { heapMemory, processMemory } from './processes.ts'
import type { Stand, Tab } from './stand.ts'
import { askAll } from './stand.ts'
import { checkAgreement, openTrio, tabCount } from './trio.ts'

/** Bytes; what the platform does not tell is undefined. */
export interface TabMemory {
  readonly heap: HeapMemory
  readonly process: ProcessMemory | undefined
}

export interface Memory {
  readonly commands: number
  readonly bytes: number
  readonly blank: TabMemory
  /** Before the first command. */
  readonly leaderEmpty: TabMemory
  readonly leader: TabMemory
  /** The one that holds more. */
  readonly voter: TabMemory
  /**
   * What the fuller of leader and voter holds above the blank tab: proportional set size, or, where that is not told, heap
   * and buffers.
   */
  readonly above: number
}

const bytes = 100
const outstanding = 1000
const commandsOf = { full: 50_000, quick: 10_000 } as const
const forMsMax = 120_000
/** After a collection, until freed pages have gone back to the system. */
const settleMs = 2000

async function memoryOf({ page, pid }: Tab): Promise<TabMemory> {
  await heapMemory(page)
  await sleep(settleMs)
  return { heap: await heapMemory(page), process: processMemory(pid) }
}

const weight = ({ heap, process }: TabMemory): number => process?.pss ?? heap.used + heap.buffers

async function memoryOfBlank(stand: Stand): Promise<TabMemory> {
  const { all, close } = await stand.openBlank()
  const [tab] = all
  if (tab === undefined) throw new BenchError('The blank tab did not open.')
  const memory = await memoryOf(tab)
  await close()
  return memory
}

export async function measureMemory(stand: Stand, size: keyof typeof commandsOf): Promise<Memory> {
  const trio = await openTrio(stand)
  try {
    // While the others are open, so that what all share is divided alike.
    const blank = await memoryOfBlank(stand)
    const leaderEmpty = await memoryOf(trio.leader)
    const commands = commandsOf[size]
    const runs = await askAll(trio.tabs, 'write', ({ number }) => {
      const count = Math.floor((commands + number) / tabCount)
      return [{ count, forMs: forMsMax, outstanding, bytes }]
    })
    const committed = runs.reduce((sum, run) => sum + run.committed, 0)
    if (committed !== commands) {
      throw new BenchError(`Only ${committed} of ${commands} commands were decided.`)
    }
    const leader = await memoryOf(trio.leader)
    const voters = await Promise.all(trio.voters.map(memoryOf))
    const voter = voters.reduce((a, b) => (weight(b) > weight(a) ? b : a))
    // The check itself fills the heap: after the measurement.
    await checkAgreement(trio, commands)
    const above = Math.max(weight(leader), weight(voter)) - weight(blank)
    return { commands, bytes, blank, leaderEmpty, leader, voter, above }
  } finally {
    await trio.close()
  }
}
