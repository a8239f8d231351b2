/** From a disk to a running replica: load, check, number this start, and only then speak. */
import { createEntriesCodec } from '../codec/entries-codec.ts'
import type { EntriesCodec } from '../codec/entries-codec.ts'
import type { Bundle } from '../codec/outbox-codec.ts'
import type { JournalEnd, JournalOp, StoredSecret } from '../codec/journal.ts'
import { encodeRecord, opsOf } from '../codec/journal.ts'
import { createMessageCodec } from '../codec/message-codec.ts'
import type { Clock } from '../ports/clock.ts'
import type { StateMachine } from '../ports/state-machine.ts'
import type { LastWords } from '../ports/last-words.ts'
import { noLastWords } from '../ports/last-words.ts'
import type { Storage } from '../ports/storage.ts'
import type { Transport } from '../ports/transport.ts'
import { estateAtStart } from '../protocol/estate.ts'
import type { GroupId, Incarnation, ReplicaId } from '../protocol/ids.ts'
import { incarnation } from '../protocol/ids.ts'
import { logBytesDefault } from '../protocol/limits.ts'
import type { Part } from '../protocol/part.ts'
import type { MembershipPolicy } from '../membership/policy.ts'
import type { Durable } from '../replica/step.ts'
import type { ReplicaState } from '../replica/state.ts'
import { startReplica } from '../replica/step.ts'
import type { Keys } from './identity.ts'
import { idOfKey, keysOf } from './identity.ts'
import type { Problem } from './news.ts'
import { Replica } from './replica.ts'
import { Seals } from './seals.ts'
import { blank, loadJournal } from './stored-journal.ts'
import { handedIn, loadOutbox } from './stored-outbox.ts'

/** A store that was read and whose present start is on its disk: it may speak now. */
export interface OpenedStore {
  readonly self: ReplicaId
  /** By which it proves to others that it is `self`. */
  readonly keys: Keys
  /** What the keys are made of, for a record that says all of the store anew. */
  readonly secret: Uint8Array
  /** The secrets of the group, the newest last; none where it never changed its secret. */
  readonly secrets: readonly StoredSecret[]
  /** Fills an array with cryptographically strong bytes. */
  readonly random: (length: number) => Uint8Array
  readonly incarnation: Incarnation
  readonly durable: Durable
  /** Records of its outbox. */
  readonly kept: readonly Bundle[]
  readonly lastWords: LastWords
  readonly storage: Storage
  readonly entries: EntriesCodec
  readonly journalEnd: JournalEnd
}

/** A start that finds so many records makes one of them: to read them one by one takes a browser a while. */
export const recordsMax = 1000

/**
 * Loads a store, or makes a new one with `random` (which fills an array with cryptographically strong bytes). Throws
 * StorageError when the disk does not hold what was written to it: such a store must not speak under its old name.
 */
export async function openStore(
  storage: Storage,
  random: (length: number) => Uint8Array,
  lastWords: LastWords = noLastWords,
): Promise<OpenedStore> {
  const entries = createEntriesCodec()
  const { records, contents: read } = await loadJournal(storage, entries)
  const contents = read ?? blank(random)
  const start = incarnation(contents.incarnation + 1)
  const keys = keysOf(contents.secret)
  const self = idOfKey(keys.publicKey)
  const kept = await loadOutbox(storage, self)
  const estate = estateAtStart(contents.estate, self, lastWords.read(self))
  const ops: JournalOp[] = [{ type: 'start', incarnation: start }]
  if (estate.armed !== contents.estate.armed) ops.push({ type: 'arm', armed: undefined })
  // A new journal begins by saying who the store is, and so does one that takes the place of a long one.
  const anew = read === undefined || records >= recordsMax
  if (anew) ops.unshift(...opsOf(contents))
  const record = encodeRecord(ops, contents.end, entries)
  await (records >= recordsMax ? storage.replace(record.bytes) : storage.append(record.bytes))
  return {
    self,
    keys,
    secret: contents.secret,
    secrets: contents.secrets,
    random,
    incarnation: start,
    durable: { ...contents, estate, outbox: handedIn(kept) },
    kept,
    lastWords,
    storage,
    entries,
    journalEnd: record.end,
  }
}

/** All that a replica is joined together from. */
export interface ReplicaSetup<Outcome> {
  readonly store: OpenedStore
  readonly transport: Transport
  readonly clock: Clock
  readonly machine: StateMachine<Outcome>
  readonly room: string
  /** The group's secret as the application was told it; it is known by none unless told. */
  readonly groupSecret?: string
  /** How much part it takes in the group at most; a member unless told. */
  readonly role?: Part
  /** The one group that may be joined; undefined: whichever is in the room. */
  readonly wanted: GroupId | undefined
  readonly membership: MembershipPolicy
  /** Of the browser profile that the store lives in; empty: not known. */
  readonly profile: string
  readonly report: (problem: Problem) => void
  /** Holds the protocol's invariants against the state after every step: costs time. False unless told. */
  readonly watchInvariants?: boolean
  /** What the log may weigh beyond a snapshot before the next is taken, in bytes; 960 KiB unless told. */
  readonly logBytes?: number | undefined
}

/** Applies what is decided on the disk, then joins the loop to links and clock. */
export function runReplica<Outcome>(setup: ReplicaSetup<Outcome>): Replica<Outcome> {
  const { store, clock, room, wanted, membership, profile } = setup
  const logBytes = setup.logBytes ?? logBytesDefault
  const { self, incarnation: start, durable, entries } = store
  const { state, effects } = startReplica(
    {
      ...{ self, incarnation: start, room, wanted, membership, profile, relays: true, logBytes },
      role: setup.role ?? 'member',
      machine: setup.machine.versions ?? [],
    },
    durable,
    { now: clock.now(), wall: clock.wall() },
  )
  const codec = createMessageCodec(entries)
  const replica = new Replica<Outcome>({
    state,
    storage: store.storage,
    transport: noting(setup.transport, () => noteNotSent(state, store.lastWords)),
    clock,
    machine: setup.machine,
    codec,
    seals: new Seals(store.keys, codec),
    keys: store.keys,
    entries,
    journalEnd: store.journalEnd,
    secret: store.secret,
    ...{ secrets: store.secrets, random: store.random, groupSecret: setup.groupSecret ?? '' },
    resumed: durable.outbox ?? [],
    kept: store.kept,
    report: setup.report,
    watchInvariants: setup.watchInvariants ?? false,
  })
  replica.start(effects)
  return replica
}

/** The page closed and left its votes to nobody: noted synchronously, so that the next start need not ask. */
function noteNotSent({ options, protocol }: ReplicaState, lastWords: LastWords): void {
  if (protocol.estate.notSent) lastWords.write(options.self, options.incarnation)
}

/** Notes before the links close: the last thing that a page does. */
const noting = (transport: Transport, note: () => void): Transport => ({
  start: (events) => transport.start(events),
  send: (to, bytes, priority) => transport.send(to, bytes, priority),
  prefer: (wish) => transport.prefer?.(wish),
  closeNow: () => {
    note()
    transport.closeNow()
  },
})
