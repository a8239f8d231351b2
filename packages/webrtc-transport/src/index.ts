/** The public surface of @unanimous/webrtc-transport: re-exports only. */
export { createMesh } from './create-mesh.ts'
export type { MeshOptions } from './create-mesh.ts'
export type { Fault, FaultDirection } from './fault-plan.ts'
export { MeshFaults } from './faults.ts'
export type { FaultParts } from './faults.ts'
export { groupKeyOf } from './group-key.ts'
export { defaultLimits, MeshOptionsError } from './limits.ts'
export type { MeshLimits } from './limits.ts'
export type {
  LinkChannel,
  LinkChannelEvents,
  LinkChannelOptions,
  OpenLinkChannel,
} from './link-channel.ts'
export type { PeerSignal } from './link-signal.ts'
export type { Garbage, LinkFailure, MeshProblem, Refusal, ServerFault } from './mesh-problem.ts'
export type { LinkInfo } from './link-info.ts'
export type { CandidateKind, LinkRoute } from './link-route.ts'
export type { Mesh } from './mesh.ts'
export type { SecretRing } from './mesh-secrets.ts'
export { peerChannels } from './peer-channel.ts'
export type { Rendezvous } from './rendezvous.ts'
export { webSockets } from './text-socket.ts'
export type { OpenTextSocket, TextSocket, TextSocketEvents, WebSocketLike } from './text-socket.ts'
export { platformTimers } from './timers.ts'
export type { Timers } from './timers.ts'
