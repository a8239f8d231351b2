/**
 * One accepted socket as the hall sees it. Knows no library: the adapter in websocket.ts gives it a body.
 */

import type { CloseName } from '@unanimous/signaling-protocol'

/** Calls that never throw and, once the socket has ended, do nothing. */
export interface Connection {
  /** Bytes that were sent and have not left this process. */
  readonly bufferedBytes: number
  send(text: string): void
  /** A WebSocket ping; browsers answer it without asking the page. */
  ping(): void
  /** Sends the close frame of that meaning. The peer may take its time; `terminate` does not. */
  close(name: CloseName): void
  terminate(): void
}

/** What a connection reports, each call in its own turn; `onClose` is the last and comes exactly once. */
export interface ConnectionListener {
  onText(text: string): void
  onBinary(): void
  /** An unasked control frame, ping above all: the answer costs us as much as a message. */
  onPing(): void
  onPong(): void
  /** The frames themselves were refused; the close frame of that meaning is on its way already. */
  onBroken(name: CloseName): void
  onClose(): void
}
