/**
 * The messages of the rendezvous: who sends each, when, and what it means. Knows no JSON (encode.ts, parse.ts) and
 * nothing of what travels inside a signal.
 */

import type { ErrorCode } from './error-codes.ts'
import type { signalingVersion } from './limits.ts'
import type { PeerId, RoomName } from './names.ts'

/** Client: "put me in this room under this id." The server answers `joined` or `error`. A socket is in one room. */
export interface Join {
  readonly type: 'join'
  readonly v: typeof signalingVersion
  readonly room: RoomName
  readonly peer: PeerId
}

/** Client: "I go on purpose." The others see `peer-left` with why `left`. The socket stays and may join again. */
export interface Leave {
  readonly type: 'leave'
}

/** Client: "pass this on to that member of my room." `data` is sealed by the peers; the server never reads it. */
export interface SignalTo {
  readonly type: 'signal'
  readonly to: PeerId
  readonly data: string
}

/** Client: "are you there?" Pages cannot send WebSocket pings; this shows that the server itself still runs. */
export interface Ping {
  readonly type: 'ping'
}

/** Whatever a client may send. */
export type ClientMessage = Join | Leave | SignalTo | Ping

/**
 * Server, once per `join`: who was here before. In join order, EARLIEST FIRST, without the receiver; an empty list says
 * that the receiver is the first comer.
 */
export interface Joined {
  readonly type: 'joined'
  readonly v: typeof signalingVersion
  readonly peers: readonly PeerId[]
}

/** Server: this peer has just joined, after everybody else; it is the last of the join order. */
export interface PeerJoined {
  readonly type: 'peer-joined'
  readonly peer: PeerId
}

/**
 * Why a peer is no longer in the room. `left`: it said so. `gone`: its socket ended, which is a hint that its tab
 * died and never a proof. `replaced`: the same id came back on another socket, and its `peer-joined` follows.
 */
export const leaveReasons = ['left', 'gone', 'replaced'] as const
/** One of `leaveReasons`. */
export type LeaveReason = (typeof leaveReasons)[number]

/** Server: this peer is no longer in the room. About the rendezvous only: its links may well live on. */
export interface PeerLeft {
  readonly type: 'peer-left'
  readonly peer: PeerId
  readonly why: LeaveReason
}

/** Server: a signal from another member of the room, as it was sent. */
export interface SignalFrom {
  readonly type: 'signal'
  readonly from: PeerId
  readonly data: string
}

/** Server: answer to `ping`. */
export interface Pong {
  readonly type: 'pong'
}

/** Server: your last message was refused, or the socket is about to be closed for this reason. */
export interface ErrorMessage {
  readonly type: 'error'
  readonly code: ErrorCode
  /** For people. */
  readonly message: string
  /** With `no-such-peer` only: the peer that the refused signal was for. */
  readonly peer?: PeerId
}

/** Why the server ends every socket: it restarts, or it stops for good. */
export const closingReasons = ['restart', 'shutdown'] as const
/** One of `closingReasons`. */
export type ClosingReason = (typeof closingReasons)[number]

/** Server: I am going away soon. Signals still pass meanwhile; come back, or go elsewhere, after that many ms. */
export interface Closing {
  readonly type: 'closing'
  readonly why: ClosingReason
  readonly reconnectAfterMs: number
}

/** Whatever a server may send. */
export type ServerMessage =
  Joined | PeerJoined | PeerLeft | SignalFrom | Pong | ErrorMessage | Closing
