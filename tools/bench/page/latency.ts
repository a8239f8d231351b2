/**
 * Samples of the floor and of the group by turns, so that whatever else the machine does meets both alike. Proposes one
 * command at a time.
 */
import type { LatencyPlan, LatencySamples } from './bench-page.ts'
import type { Disk } from './disk.ts'
import type { GroupOfTab } from './group.ts'
import { pause } from './moment.ts'
import type { RawChannels } from './raw-channels.ts'

interface Parts {
  readonly group: GroupOfTab
  readonly channels: RawChannels
  readonly disk: Disk
}

type Kind = keyof LatencySamples

const kinds: readonly Kind[] = ['roundTrip', 'group', 'commit', 'bareQuorum', 'farCommit']

export async function sampleLatency(
  { group, channels, disk }: Parts,
  { cycles, pauseMs, bytes }: LatencyPlan,
): Promise<LatencySamples> {
  const { others } = channels
  const payload = new Uint8Array(bytes).fill(0x55)
  const samples: Record<Kind, number[]> = {
    ...{ roundTrip: [], commit: [], farCommit: [], bareQuorum: [], group: [] },
  }
  const work: Record<Kind, (other: number) => Promise<void>> = {
    roundTrip: (other) => channels.ask(other, 'echo', bytes),
    commit: () => disk.commit(payload),
    farCommit: (other) => channels.ask(other, 'farCommit', bytes),
    async bareQuorum() {
      const far = others.map((other) => channels.ask(other, 'farCommit', bytes))
      await secondOf([disk.commit(payload), ...far])
    },
    async group() {
      const kind = await group.writeOne(bytes)
      if (kind !== 'committed') throw new Error(`A command ended as ${kind}.`)
    },
  }
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const other = others[cycle % others.length] ?? 0
    for (let turn = 0; turn < kinds.length; turn += 1) {
      // The order rotates: none always comes after the group's last words.
      const kind = kinds[(turn + cycle) % kinds.length] ?? 'group'
      if (pauseMs > 0) await pause(pauseMs)
      const before = performance.now()
      await work[kind](other)
      samples[kind].push(performance.now() - before)
    }
  }
  return samples
}

/** Resolves when two of `promises` have. */
function secondOf(promises: readonly Promise<void>[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let done = 0
    for (const promise of promises) {
      promise.then(() => {
        done += 1
        if (done === 2) resolve()
      }, reject)
    }
  })
}
