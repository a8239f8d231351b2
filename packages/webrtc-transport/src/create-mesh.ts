/** The door: checks the options of an application and gives the mesh its platform. Does not connect. */
import { idOfKey, type Keys, type ReplicaId } from '@unanimous/core'
import { isRoomName } from '@unanimous/signaling-protocol'
import { meshLimits, MeshOptionsError, type MeshLimits } from './limits.ts'
import { groupKeyBytes } from './group-key.ts'
import type { MeshFaults } from './faults.ts'
import type { OpenLinkChannel } from './link-channel.ts'
import type { MeshProblem } from './mesh-problem.ts'
import { WebRtcMesh, type Mesh } from './mesh.ts'
import { drawNonce, randomBytes } from './nonce.ts'
import { peerChannels } from './peer-channel.ts'
import { webSockets, type OpenTextSocket } from './text-socket.ts'
import { platformTimers, type Timers } from './timers.ts'

/** What `createMesh` takes. `keys`, `groupKey`, `room`, `signal` and `wireVersion` have no default. */
export interface MeshOptions {
  /** Of the store: the hash of the public half is this peer's id, the other half proves it on every link. */
  readonly keys: Keys
  /** 32 bytes that all members share (`groupKeyOf`): peers that do not know them get no link and read no signal. */
  readonly groupKey: Uint8Array
  /** 1 to 128 characters without control characters. */
  readonly room: string
  /** URLs of signaling servers, tried together; the first listed that answers decides the join order. */
  readonly signal: readonly string[]
  /** STUN and TURN servers, or who says which to use for a new link. Default none: only peers that reach each other directly connect. */
  readonly ice?: RTCConfiguration | (() => RTCConfiguration)
  readonly limits?: Partial<MeshLimits>
  /** Of what the messages say, 0 to 2^32 - 1. A peer with another one gets no link. */
  readonly wireVersion: number
  /** Called for everything that went wrong and was dealt with. Default: nobody is told. */
  readonly report?: (problem: MeshProblem) => void
  /** Called when a peer whose link is up says that this is the group's secret; see `rekey`. Default: nobody is told. */
  readonly onSecret?: (peer: ReplicaId, secret: string) => void
  /**
   * Called `doubtMs` after a server lost a peer, as it does at once when a tab is killed, if its link is up. A hint, no proof: it is
   * asked whether it lives. Default: nobody is told.
   */
  readonly suspect?: (peer: ReplicaId) => void
  /** In [0, 1), for jitter only. Default `Math.random`. */
  readonly random?: () => number
  /** Default: the timers of the page. Those of a worker are not slowed down in a hidden page. */
  readonly timers?: Timers
  /** Default: `peerChannels()`, the WebRTC of the platform. */
  readonly openChannel?: OpenLinkChannel
  /** Default: `webSockets()`, the WebSocket of the platform. */
  readonly openSocket?: OpenTextSocket
  /** Troubles made on purpose, for demonstrations and tests. Default none. */
  readonly faults?: MeshFaults
}

/** A mesh that has done nothing yet. @throws MeshOptionsError */
export function createMesh(options: MeshOptions): Mesh {
  const { keys, groupKey, room, signal, wireVersion } = options
  if (groupKey.length !== groupKeyBytes) {
    throw new MeshOptionsError(
      `\`groupKey\` has not ${groupKeyBytes} bytes; pass \`groupKeyOf\` a secret.`,
    )
  }
  if (!isRoomName(room)) {
    throw new MeshOptionsError('`room` must be 1 to 128 characters without control characters.')
  }
  if (signal.length === 0) {
    throw new MeshOptionsError('`signal` is empty; name at least one signaling server.')
  }
  if (!Number.isInteger(wireVersion) || wireVersion < 0 || wireVersion > 0xffffffff) {
    throw new MeshOptionsError('`wireVersion` must be an integer from 0 to 2^32 - 1.')
  }
  const { faults } = options
  const openChannel = options.openChannel ?? peerChannels()
  const openSocket = options.openSocket ?? webSockets()
  return new WebRtcMesh({
    identity: { keys, groupKey, idOf: idOfKey },
    room,
    wireVersion,
    signal: [...new Set(signal)],
    ice: iceOf(options),
    limits: meshLimits(options.limits),
    suspect: options.suspect ?? ((): void => undefined),
    report: options.report ?? ((): void => undefined),
    onSecret: options.onSecret ?? ((): void => undefined),
    random: options.random ?? Math.random,
    drawNonce,
    randomBytes,
    timers: options.timers ?? platformTimers,
    openChannel: faults?.channels(openChannel) ?? openChannel,
    openSocket: faults?.sockets(openSocket) ?? openSocket,
    gate: faults?.gate,
  })
}

function iceOf({ ice = {} }: MeshOptions): () => RTCConfiguration {
  return typeof ice === 'function' ? ice : () => ice
}
