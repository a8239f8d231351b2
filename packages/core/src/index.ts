/** The public surface of @unanimous/core. */
export type { Priority, Transport, TransportEvents } from './ports/transport.ts'
export type { Clock } from './ports/clock.ts'
export type { Locks } from './ports/locks.ts'
export type { GroupId, Incarnation, Index, Millis, ReplicaId, VoteId, WallMillis } from './protocol/ids.ts'
export { isReplicaId, replicaId } from './protocol/ids.ts'
