/** The links to other replicas, as the runtime sees them. Knows nothing of consensus. */
import type { LinkWish } from '../protocol/link-wish.ts'
import type { ReplicaId } from '../protocol/ids.ts'

/**
 * `control` frames (beacons, prepares, good-byes) overtake `data` frames; within one class a link keeps order.
 */
export type Priority = 'control' | 'data'

/** What the transport tells; none of it is told from within one of its own calls. */
export interface TransportEvents {
  /** A whole message arrived. The bytes belong to the receiver and are never written to again. */
  onMessage(from: ReplicaId, bytes: Uint8Array): void
  /** `up`: messages can flow both ways now. Comes before the first message of that link, and again after `down`. */
  onLink(peer: ReplicaId, state: 'up' | 'down'): void
}

/**
 * Sends and receives whole messages. Losing, repeating or reordering one is always safe for the caller; altering one is
 * not. All callbacks are asynchronous: none is made from within a call of this port.
 */
export interface Transport {
  /** Called once, before anything else. */
  start(events: TransportEvents): void
  /**
   * Never throws and never blocks. False: there is no open link to `to`, or its queue is full, and the message was
   * dropped. The transport does not write to `bytes` and may keep it until it is sent.
   */
  send(to: ReplicaId, bytes: Uint8Array, priority: Priority): boolean
  /** The links that are needed from now on; undefined, and until this is called: one to everybody. A transport may do without it. */
  prefer?(wish: LinkWish | undefined): void
  /** Everything queued is handed to the channels now, then all links close. Synchronous: for `pagehide`. */
  closeNow(): void
}
