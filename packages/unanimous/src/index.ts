/** Consensus for ordinary browser tabs: Yjs for the text, Unanimous for the decisions. */
export { drawSecret } from './admission.ts'
export { createGroup } from './create-group.ts'
export type { GroupOptions, Limits } from './create-group.ts'
export { readArchive } from './archive.ts'
export type { Archive } from './archive.ts'
export {
  BadArchive,
  BadInvite,
  BadOption,
  InsecureOrigin,
  MachineError,
  MachineNotDeterministic,
  MigrationFailed,
  StateNotSerializable,
  NotGranted,
  NotRead,
  NotRecovered,
  NotSent,
  NotStored,
  OtherGroup,
  PresenceTooLarge,
  Refused,
  TooManyTabs,
  Unknown,
} from './errors.ts'
export type {
  BadArchiveReason,
  NotGrantedReason,
  NotRecoveredReason,
  NotStoredReason,
} from './errors.ts'
export type { Admin, AdminOptions, Recovered, Stored } from './admin.ts'
export type { FaultAim, Faults } from './faults.ts'
export type { Committed, Emitted, Group, GroupEvents } from './group.ts'
export type { Hook, HookedGroup, HookedOperation } from './hook.ts'
export type { EntryInfo, Figures, Inspect, Metrics, Trace } from './inspect.ts'
export type { Json } from './json.ts'
export { defineMachine } from './machine.ts'
export type {
  AnyMachine,
  ArgsOf,
  CommandContext,
  Commands,
  Handler,
  Machine,
  MemberId,
  ResultOf,
} from './machine.ts'
export type { Latency, ProposalCounts } from './proposal-tally.ts'
export type { Presence } from './presence.ts'
export type {
  NotSentReason,
  Outcome,
  Proposal,
  ProposeOptions,
  Resumed,
  UnknownReason,
} from './proposal.ts'
export type { ReadOptions } from './read.ts'
export type { GroupStatus, LinkInfo, MemberInfo, RoomConflict } from './status.ts'
export type { CandidateKind, Fault, FaultDirection, LinkRoute } from '@unanimous/webrtc-transport'
export type { Consistency, NotReadable } from '@unanimous/core'
export {
  MachineVersionMissing,
  memoryStorage,
  StorageError,
  Superseded,
  traceVersion,
  UnanimousError,
} from '@unanimous/core'
export type {
  FrameCount,
  InvariantCount,
  MembershipPolicy,
  TraceEvent,
  TraceFact,
} from '@unanimous/core'
