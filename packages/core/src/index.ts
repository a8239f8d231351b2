/** The public surface of @unanimous/core. */
export { InvariantViolation } from './base/assert.ts'
export {
  MachineDiverged,
  MachineVersionMissing,
  StorageError,
  Superseded,
  UnanimousError,
} from './base/errors.ts'
export { wireVersion } from './codec/message-codec.ts'
export type { Clock } from './ports/clock.ts'
export { noLastWords } from './ports/last-words.ts'
export type { LastWords } from './ports/last-words.ts'
export type { Locks } from './ports/locks.ts'
export type { DecidedCommand, StateMachine } from './ports/state-machine.ts'
export type { OpenStorage, OutboxChange, OutboxStore, Storage } from './ports/storage.ts'
export type { Priority, Transport, TransportEvents } from './ports/transport.ts'
export type { Ballot } from './protocol/ballot.ts'
export type { Act, Answer } from './protocol/ask-message.ts'
export type { Entry, ProposalId } from './protocol/entry.ts'
export { isGroupId, isReplicaId, millis, replicaId, wallMillis } from './protocol/ids.ts'
export type {
  GroupId,
  Incarnation,
  Index,
  Millis,
  ReplicaId,
  VoteId,
  WallMillis,
} from './protocol/ids.ts'
export { alwaysOnProfile } from './membership/always-on.ts'
export { defaultPolicy, whyBadPolicy } from './membership/policy.ts'
export type { MembershipPolicy } from './membership/policy.ts'
export {
  commandBytesMax,
  machineVersionsMax,
  presenceBytesMax,
  proposalsMax,
  roomLengthMax,
  secretLengthMax,
  snapshotBytesMax,
} from './protocol/limits.ts'
export { hashOfState } from './protocol/snapshot-transfer.ts'
export type { LinkWish } from './protocol/link-wish.ts'
export { keepsLog } from './protocol/part.ts'
export type { Part } from './protocol/part.ts'
export type { MachineStatus } from './replica/machine-version.ts'
export type { PeerStatus, ReplicaStatus, Rung } from './replica/status.ts'
export type { Digest } from './runtime/digest.ts'
export { idOfKey } from './runtime/identity.ts'
export type { Keys } from './runtime/identity.ts'
export type { GroupSecrets, KnownSecrets } from './runtime/group-secrets.ts'
export type { StoredSecret } from './codec/journal.ts'
export { createObservers } from './runtime/observers.ts'
export type { Observers } from './runtime/observers.ts'
export { openStore, runReplica } from './runtime/open-replica.ts'
export type { OpenedStore, ReplicaSetup } from './runtime/open-replica.ts'
export type { InvariantCount } from './runtime/invariant-watch.ts'
export type { Figures, FrameCount, FrameFigures, Problem, RuntimeEvent } from './runtime/news.ts'
export type { Fate, Pending, Proposed, Refusal, Resumed } from './runtime/outstanding.ts'
export type { Consistency, NotReadable, Read, Readable } from './runtime/reading.ts'
export type { Lifecycle } from './runtime/lifecycle.ts'
export type { Replica } from './runtime/replica.ts'
export type { Patience, Requests } from './runtime/requests.ts'
export { foundStore } from './runtime/found-store.ts'
export type { Founding } from './runtime/found-store.ts'
export { refoundStore, renewStore } from './runtime/refound-store.ts'
export type { Refounded } from './runtime/refound-store.ts'
export { traceVersion } from './runtime/trace-event.ts'
export type { TraceEvent, TraceFact } from './runtime/trace-event.ts'
export { memoryStorage } from './storage/memory-storage.ts'
export { StorageLoss } from './storage/storage-loss.ts'
