/** From an empty disk to a group whose first state is given: its founding, summed up in a snapshot that holds that state. */
import { createEntriesCodec } from '../codec/entries-codec.ts'
import { encodeRecord, opsOf } from '../codec/journal.ts'
import type { Group } from '../membership/founding.ts'
import type { Storage } from '../ports/storage.ts'
import type { GenesisEntry } from '../protocol/entry.ts'
import { groupIdOf } from '../protocol/genesis.ts'
import type { Index, ReplicaId, WallMillis } from '../protocol/ids.ts'
import { firstEpoch, ownVote } from '../protocol/ids.ts'
import type { Snapshot } from '../protocol/snapshot-state.ts'
import { hashOfState } from '../protocol/snapshot-transfer.ts'
import { digestOf } from './digest.ts'
import { idOfKey, keysOf } from './identity.ts'
import { blank, loadJournal } from './stored-journal.ts'

/** A group that is begun with a state that is there already. */
export interface Founding {
  readonly room: string
  /** 32 hex digits of chance. */
  readonly nonce: string
  readonly wall: WallMillis
  /** As the machine restores it; at most `snapshotBytesMax` bytes. */
  readonly state: Uint8Array
  /** Of the machine that the state is of. */
  readonly version: number
}

/**
 * Founds a group with this store as its only voter; to be opened with `openStore` afterwards. False: it is in a group already,
 * and nothing was changed. Nobody may use the store meanwhile. Throws StorageError when the disk is damaged or refuses.
 */
export async function foundStore(
  storage: Storage,
  random: (length: number) => Uint8Array,
  founding: Founding,
): Promise<boolean> {
  const entries = createEntriesCodec()
  const { contents: read } = await loadJournal(storage, entries)
  const contents = read ?? blank(random)
  if (contents.group !== undefined) return false
  const self = idOfKey(keysOf(contents.secret).publicKey)
  const genesis = genesisOf(self, founding)
  const { ballot } = genesis
  const snapshot = beginningOf(genesis, founding)
  const { end } = snapshot.head
  const group: Group = {
    ...{ id: groupIdOf(genesis), epoch: firstEpoch, genesis, refounding: undefined },
  }
  const record = encodeRecord(
    opsOf({
      ...{ ...contents, group, promised: ballot, accepted: ballot, entries: [] },
      ...{ compacted: { snapshot, base: end }, decidedEnd: end },
    }),
    contents.end,
    entries,
  )
  await storage.replace(record.bytes)
  return true
}

const genesisOf = (founder: ReplicaId, { room, nonce, wall }: Founding): GenesisEntry => ({
  ...{ kind: 'genesis', ballot: { num: 1, node: founder }, stamp: wall },
  ...{ room, founder, nonce },
})

/** All that was decided is the founding; whoever joins gets the state with it. */
function beginningOf(genesis: GenesisEntry, { state, version }: Founding): Snapshot {
  const { ballot, stamp, founder } = genesis
  const vote = ownVote(founder)
  const { hash: digest, commands } = digestOf([genesis], createEntriesCodec(), undefined)
  const none = 0 as Index
  return {
    head: {
      ...{ end: 1 as Index, last: { ballot, stamp }, digest, commands },
      configuration: { index: none, voters: [vote], joins: { [vote]: none } },
      machine: { index: none, version },
      ...{ hash: hashOfState(state), stateBytes: state.length },
      ...{ sessionCount: 0, sessionsFloor: none },
    },
    ...{ sessions: [], state },
  }
}
