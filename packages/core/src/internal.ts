/** The transition and all that it is made of, for the simulator and the checkers; may change with every release. */
export { createEntriesCodec } from './codec/entries-codec.ts'
export { createMessageCodec } from './codec/message-codec.ts'
// Phase by phase, for schedules that no running replica would choose.
export * from './protocol/accept.ts'
export type { PieceMessage } from './protocol/adopt.ts'
export { isPiece, onPiece } from './protocol/adopt.ts'
export * from './protocol/ballot.ts'
export { onAcceptSync } from './protocol/catch-up.ts'
export * from './protocol/bequest.ts'
export { activeConfigurations, isInAny, joinsOf } from './protocol/configuration.ts'
export { onDecide } from './protocol/decide.ts'
export * from './protocol/effects.ts'
export * from './protocol/entry.ts'
export * from './protocol/estate.ts'
export * from './protocol/genesis.ts'
export * from './protocol/ids.ts'
export * from './protocol/invariants.ts'
export { bequestTailBytesMax } from './protocol/limits.ts'
export * from './membership/policy.ts'
export { newestConfiguration } from './protocol/log.ts'
export * from './protocol/message.ts'
export {
  forgetPromiser,
  onNack,
  onPrepare,
  onPromised,
  prepareOf,
  startPreparing,
} from './protocol/prepare.ts'
export { appendQueue, onPropose } from './protocol/proposals.ts'
export { isAboutReads, onReadMessage } from './protocol/reads.ts'
export { recover } from './protocol/recover.ts'
export * from './protocol/sessions.ts'
export * from './protocol/snapshot-state.ts'
export { hashOfState } from './protocol/snapshot-transfer.ts'
export { onCaptured } from './protocol/snapshot.ts'
export { freshProtocol } from './protocol/state.ts'
export type { Context, ProtocolState } from './protocol/state.ts'
export * from './protocol/storage-op.ts'
export * from './replica/input.ts'
export * from './replica/state.ts'
export * from './replica/status.ts'
export * from './replica/step.ts'
