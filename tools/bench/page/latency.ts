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

const kinds: readonly Kind[] = ['roundTrip', 'group', 'commit', 'farCommit']

export async function sampleLatency(
  { group, channels, disk }: Parts,
  { cycles, pauseMs, bytes }: LatencyPlan,
): Promise<LatencySamples> {
  const { others } = channels
  const payload = new Uint8Array(bytes).fill(0x55)
  const samples: Record<Kind, number[]> = { roundTrip: [], commit: [], farCommit: [], group: [] }
  const work: Record<Kind, (other: number) => Promise<void>> = {
    roundTrip: (other) => channels.ask(other, 'echo', bytes),
    commit: () => disk.commit(payload),
    farCommit: (other) => channels.ask(other, 'farCommit', bytes),
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
      await pause(pauseMs)
      const before = performance.now()
      await work[kind](other)
      samples[kind].push(performance.now() - before)
    }
  }
  return samples
}
