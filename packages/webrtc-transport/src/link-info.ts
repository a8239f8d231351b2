/** What the mesh shows of a link. */
import type { ReplicaId } from '@unanimous/core'
import type { LinkRoute } from './link-route.ts'
import type { LinkPhase } from './link-state.ts'
import type { Refusal } from './mesh-problem.ts'

/** A link as it is now, with all that it knows. */
export interface LinkSnapshot {
  readonly phase: LinkPhase
  readonly generation: number
  readonly failures: number
  readonly refusal: Refusal | undefined
  readonly rttMs: number | undefined
  readonly route: LinkRoute | undefined
  /** What waits in our queues and in the channel. */
  readonly bufferedBytes: number
  readonly droppedFrames: number
  readonly since: number
}

/** One link as it was when it was asked for. */
export interface LinkInfo {
  readonly peer: ReplicaId
  /** `signaling`: descriptions are exchanged. `opening`: the channel opens. `waiting`: for a retry, the room or for good. */
  readonly state: LinkPhase['state']
  /** Counts the peer connections of this link; another one means that the link was replaced. */
  readonly generation: number
  /** Failures in a row. */
  readonly attempt: number
  /** Smoothed round trip, in milliseconds; absent before the first answer. */
  readonly rttMs?: number
  /** By which way an open link goes; absent until the platform has said so. */
  readonly route?: LinkRoute
  /** What waits in our queues and in the channel. */
  readonly bufferedBytes: number
  /** Messages that were refused or thrown away because of a limit, since the link is known. */
  readonly droppedFrames: number
  /** When the state became what it is, in milliseconds of the monotonic clock (`performance.now`). */
  readonly since: number
  /** Why the link will stay down until one of its ends is another page. */
  readonly refused?: Refusal
}

export function infoOf(peer: ReplicaId, link: LinkSnapshot): LinkInfo {
  const { refusal, route } = link
  return {
    peer,
    state: link.phase.state,
    generation: link.generation,
    attempt: link.failures,
    bufferedBytes: link.bufferedBytes,
    droppedFrames: link.droppedFrames,
    since: link.since,
    ...(link.rttMs === undefined ? {} : { rttMs: link.rttMs }),
    ...(route === undefined ? {} : { route }),
    ...(refusal === undefined ? {} : { refused: refusal }),
  }
}
