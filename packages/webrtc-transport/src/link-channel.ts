/** The part of a peer connection that a link uses: one ordered, reliable channel. Knows no library. */
import type { ReplicaId } from '@unanimous/core'
import type { LinkRoute } from './link-route.ts'
import type { PeerSignal } from './link-signal.ts'

/** None is called from within a call of the channel, and none after `close`. */
export interface LinkChannelEvents {
  /** For the channel at the other end, by way of a rendezvous. */
  onSignal(signal: PeerSignal): void
  /** Packets can be sent. Those of the other end may come earlier. */
  onOpen(): void
  /** The bytes belong to the receiver. */
  onPacket(packet: Uint8Array): void
  /** What the channel holds fell to `lowBytes`. */
  onDrained(): void
  /** It is over, for a reason in the words of the platform. */
  onEnded(detail: string): void
}

/** How a link asks for its channel. */
export interface LinkChannelOptions {
  /** Who is at the other end. */
  readonly peer: ReplicaId
  /** Whether this end makes the offer. */
  readonly initiator: boolean
  readonly ice: RTCConfiguration
  readonly lowBytes: number
}

/** One end of a channel; gone for good once it ended or was closed. */
export interface LinkChannel {
  /** A signal of the channel at the other end. Never throws. */
  signal(signal: PeerSignal): void
  /** Copies the bytes, or throws if the channel cannot take them. */
  send(packet: Uint8Array): void
  /** Bytes that were handed over and have not left. */
  bufferedBytes(): number
  /** By which way it goes now, as far as the platform says. Never rejects. */
  route(): Promise<LinkRoute | undefined>
  /** What was sent before has a chance to leave; nothing more comes. */
  close(): void
}

/** May throw when the platform has no peer connection to give. */
export type OpenLinkChannel = (
  options: LinkChannelOptions,
  events: LinkChannelEvents,
) => LinkChannel
