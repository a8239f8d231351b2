/** All that a replica is joined together from, by `open-replica.ts`. */
import type { Bundle } from '../codec/outbox-codec.ts'
import type { EntriesCodec } from '../codec/entries-codec.ts'
import type { JournalEnd, StoredSecret } from '../codec/journal.ts'
import type { MessageCodec } from '../codec/message-codec.ts'
import type { Clock } from '../ports/clock.ts'
import type { StateMachine } from '../ports/state-machine.ts'
import type { Storage } from '../ports/storage.ts'
import type { Transport } from '../ports/transport.ts'
import type { Handed } from '../protocol/entry.ts'
import type { ReplicaState } from '../replica/state.ts'
import type { Keys } from './identity.ts'
import type { Problem } from './news.ts'
import type { Seals } from './seals.ts'

export interface ReplicaParts<Outcome> {
  readonly state: ReplicaState
  readonly storage: Storage
  readonly transport: Transport
  readonly clock: Clock
  readonly machine: StateMachine<Outcome>
  readonly codec: MessageCodec
  readonly seals: Seals
  readonly keys: Keys
  readonly entries: EntriesCodec
  readonly journalEnd: JournalEnd
  readonly secret: Uint8Array
  /** Of the group: those on the disk, the newest last, and the one that the application was told. */
  readonly secrets: readonly StoredSecret[]
  readonly groupSecret: string
  /** Fills an array with cryptographically strong bytes. */
  readonly random: (length: number) => Uint8Array
  /** Proposals of former starts that are asked for again. */
  readonly resumed: readonly Handed[]
  /** The records of the outbox that they are in. */
  readonly kept: readonly Bundle[]
  readonly report: (problem: Problem) => void
  /** Holds the invariants against the state after every step. */
  readonly watchInvariants: boolean
}
