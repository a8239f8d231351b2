/** What a mesh is made of. Types only. */
import type { ReplicaId } from '@unanimous/core'
import type { FaultGate } from './fault-gate.ts'
import type { LinkIdentity } from './link-identity.ts'
import type { OpenLinkChannel } from './link-channel.ts'
import type { MeshLimits } from './limits.ts'
import type { MeshProblem } from './mesh-problem.ts'
import type { OpenTextSocket } from './text-socket.ts'
import type { Timers } from './timers.ts'

/** Everything of `MeshOptions`, decided, and the platform. */
export interface MeshParts {
  readonly identity: LinkIdentity
  readonly room: string
  readonly signal: readonly string[]
  /** For a link that is made now. */
  readonly ice: () => RTCConfiguration
  readonly limits: MeshLimits
  readonly wireVersion: number
  readonly report: (problem: MeshProblem) => void
  /** A peer whose link is up says that this is the group's secret. */
  readonly onSecret: (peer: ReplicaId, secret: string) => void
  /** A server lost a peer whose link is up: the link is asked, and so may others. */
  readonly suspect: (peer: ReplicaId) => void
  /** In [0, 1); for jitter. */
  readonly random: () => number
  readonly drawNonce: () => string
  /** Cryptographically strong. */
  readonly randomBytes: (length: number) => Uint8Array
  readonly timers: Timers
  readonly openChannel: OpenLinkChannel
  readonly openSocket: OpenTextSocket
  /** Through which whole messages pass, if troubles are made on purpose. */
  readonly gate: FaultGate | undefined
}
