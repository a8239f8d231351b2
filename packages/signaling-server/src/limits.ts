/**
 * What one server grants, with reasons. Knows numbers only; the bounds of the wire itself (32 KiB a message, ids, room
 * names) are in @unanimous/signaling-protocol and cannot be changed here.
 */

import type { Rate } from './token-bucket.ts'

/** What one server grants. All are at least 1; durations are milliseconds. */
export interface ServerLimits {
  /**
   * Messages of one socket; over it, the socket is closed. A peer that enters a room of 7 voters sends 7 times one
   * offer or answer and up to 16 trickled ICE candidates, nearly all within a second: about 120. In the long run a
   * peer sends a message a minute; 60 a second lets a whole mesh reconnect and still bounds one socket's cost.
   */
  readonly messagesPerSocket: Rate
  /**
   * Messages of all sockets of one address; over it, a message is refused and its socket stays, since the neighbours
   * behind one router are innocent. 16 tabs of one machine that mesh at once send about 3000 in two seconds.
   */
  readonly messagesPerAddress: Rate
  /**
   * Sockets opened plus joins of one address. A join makes the server write to everybody in the room, so it costs more
   * than a message. A class of 64 behind one router that reloads together needs 128 at once.
   */
  readonly arrivalsPerAddress: Rate
  /** Open sockets of one address: two full rooms behind one router. */
  readonly socketsPerAddressMax: number
  /** Open sockets of the server: about 20 KiB each with ws and its buffers, so 200 MiB. */
  readonly socketsMax: number
  /** Addresses remembered, those with open sockets and those whose bucket is not full again. About 200 bytes each. */
  readonly addressesMax: number
  /** Rooms that exist at once; a room ends with its last member. */
  readonly roomsMax: number
  /** Members of one room. Every arrival is told to all, so the cost of a room grows with its square. */
  readonly peersPerRoomMax: number
  /**
   * Bytes that may wait for one socket. A socket whose reader stopped (a frozen tab still answers pings: the browser
   * does that) is closed beyond it. 32 of the largest messages; `joined` of a full room is 2.3 KiB.
   */
  readonly bufferedBytesMax: number
  /** Milliseconds between WebSocket pings; one without an answer by the next ends the socket, so 15 to 30 s. */
  readonly heartbeatMs: number
  /** Milliseconds that a socket may be in no room: after it opened, and after it left one. */
  readonly joinTimeoutMs: number
  /** Milliseconds between sending a close frame and cutting the connection of a peer that does not answer it. */
  readonly closeGraceMs: number
}

/** For a small public server; `limits` of the options overrides them one by one. */
export const defaultLimits: ServerLimits = {
  messagesPerSocket: { burst: 120, perSecond: 60 },
  messagesPerAddress: { burst: 4000, perSecond: 1000 },
  arrivalsPerAddress: { burst: 256, perSecond: 16 },
  socketsPerAddressMax: 128,
  socketsMax: 10_000,
  addressesMax: 65_536,
  roomsMax: 10_000,
  peersPerRoomMax: 64,
  bufferedBytesMax: 1024 * 1024,
  heartbeatMs: 15_000,
  joinTimeoutMs: 10_000,
  closeGraceMs: 2_000,
}

/** Pieces of one message: a browser sends a signal in one frame; 64 leaves room for odd clients. */
export const fragmentsMax = 64

/** Reads from the network that one message may take: 32 KiB in the smallest segments of TCP are 61. */
export const chunksMax = 2048

/** Bytes of the HTTP headers of one request; ours carry no cookies worth the name. */
export const headerBytesMax: number = 8 * 1024

/** Milliseconds to send a whole HTTP request: a connection that never asks for anything holds no slot for long. */
export const requestTimeoutMs = 10_000

/** Milliseconds that the first client waits before it comes back after a restart. */
export const reconnectBaseMs = 500

/** Milliseconds between two returning clients, so that a server of 10 000 does not come up into a stampede. */
export const reconnectStepMs = 2
