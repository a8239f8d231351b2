/**
 * How long a group of three decides nothing when its leader goes: its tab is closed, its process is killed, or is killed while
 * no signaling server can tell that it is gone. Each round is a group of its own.
 */
import { createSignalingServer } from '@unanimous/signaling-server'
import { setTimeout as sleep } from 'node:timers/promises'
import { BenchError } from './bench-error.ts'
import type { Stand } from './stand.ts'
import { ask, generous } from './stand.ts'
import type { Summary } from './statistics.ts'
import { summarize } from './statistics.ts'
import type { Trio } from './trio.ts'
import { openTrio } from './trio.ts'

/** Milliseconds between two decisions that a voter's tab knew of, before and after the leader went. */
export interface FailOver {
  /** The leader's tab is closed as a person closes it. */
  readonly closed: Summary
  /** The leader's process is killed; the signaling server tells that its socket is gone. */
  readonly killed: Summary
  /** The same while the signaling server is away. */
  readonly killedUnseen: Summary
}

const roundsOf = { full: 10, quick: 2 } as const
const bytes = 100
/** Decisions come in their usual step by then. */
const beforeMs = 1500
/** Far above what is meant. */
const afterMs = 8000

type Going = (trio: Trio) => Promise<void>

const closeLeader: Going = ({ leader }) => leader.page.close()

async function killLeader({ leader }: Trio): Promise<void> {
  const crashed = leader.page.waitForEvent('crash')
  process.kill(leader.pid, 'SIGKILL')
  await crashed
}

export async function measureFailOver(
  stand: Stand,
  size: keyof typeof roundsOf,
  say: (line: string) => void,
): Promise<FailOver> {
  const rounds = async (what: string, round: () => Promise<number>): Promise<Summary> => {
    const pauses: number[] = []
    for (let at = 0; at < roundsOf[size]; at += 1) pauses.push(await round())
    say(`${what}: ${pauses.map((ms) => ms.toFixed(0)).join(' ')} ms`)
    return summarize(pauses)
  }
  return {
    closed: await rounds('closed', () => pauseAround(stand, closeLeader)),
    killed: await rounds('killed', () => pauseAround(stand, killLeader)),
    killedUnseen: await rounds('killed, no server', () => pauseWithoutServer(stand)),
  }
}

async function pauseWithoutServer(stand: Stand): Promise<number> {
  const server = await createSignalingServer({
    ...{ port: 0, host: '127.0.0.1', origins: ['*'] },
    limits: { arrivalsPerAddress: generous, messagesPerAddress: generous },
  })
  return pauseAround({ ...stand, signalUrl: server.url }, killLeader, () => server.close())
}

/** `before`: done once the group stands. */
async function pauseAround(
  stand: Stand,
  go: Going,
  before: () => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  const trio = await openTrio(stand)
  try {
    await before()
    const [voter] = trio.voters
    if (voter === undefined) throw new BenchError('There is no voter beside the leader.')
    const forMs = beforeMs + afterMs
    const writing = ask(voter, 'write', { count: Infinity, forMs, outstanding: 1, bytes })
    await sleep(beforeMs)
    await go(trio)
    const { longestPauseMs, committed, otherwise } = await writing
    if (longestPauseMs >= afterMs) {
      throw new BenchError(`Nothing was decided any more: ${JSON.stringify(otherwise)}`)
    }
    if (committed === 0) throw new BenchError('Nothing was decided at all.')
    return longestPauseMs
  } finally {
    await trio.close()
  }
}
