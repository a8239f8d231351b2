/** What a link needs of the mesh around it. Types only. */
import type { MeshFrame } from './framing.ts'
import type { LinkChannel, LinkChannelEvents } from './link-channel.ts'
import type { LinkIdentity, LinkSecrets } from './link-identity.ts'
import type { LinkSignal } from './link-signal.ts'
import type { MeshProblem } from './mesh-problem.ts'
import type { Timers } from './timers.ts'

export interface LinkPorts {
  readonly identity: LinkIdentity
  readonly secrets: LinkSecrets
  readonly timers: Timers
  /** In [0, 1); for jitter. */
  random(): number
  /** Cryptographically strong. */
  randomBytes(length: number): Uint8Array
  mayConnect(): boolean
  connectionsMade(): number
  /** May throw. */
  openChannel(initiator: boolean, events: LinkChannelEvents): LinkChannel
  signal(signal: LinkSignal, route: number | 'reply'): void
  onUp(): void
  onDown(): void
  /** The bytes belong to the receiver. False: nobody was there to take it. */
  onMessage(bytes: Uint8Array): boolean
  /** A frame from the mesh at the other end, of a link that is up. */
  onMeshFrame(frame: MeshFrame): void
  /** Something that `snapshot` shows has changed. */
  onChange(): void
  report(problem: MeshProblem): void
}
