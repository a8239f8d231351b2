/**
 * Puts what waits on one link into its channel, within a window of bytes, and frames of the link itself past the window.
 * Packs what was queued in one turn, or while the window was shut, and never waits for more. Knows nothing of what the
 * link is or of what comes in.
 */
import { frameHeadBytes, linkPacket, writeLinkFrame, type LinkFrame } from './framing.ts'
import { packetBytesMax, type MeshLimits } from './limits.ts'
import type { LinkChannel } from './link-channel.ts'
import type { Outbox } from './outbox.ts'

type Bye = Extract<LinkFrame, { kind: 'bye' }>

const byeBytes = frameHeadBytes + 1

/**
 * What a browser puts on the wire at once: four packets of SCTP, for each packet of ours. More waits until the other end
 * has answered, for which a page that closes has no time, or for the next packet of ours.
 */
const burstBytes = 4 * 1100

export interface ChannelWriter {
  /** Something was queued: sends it once this turn is over. */
  queued(): void
  /** The channel may have room again. */
  drained(): void
  /** Sends a frame of the link itself now, before all that waits. */
  frame(frame: LinkFrame): void
  /**
   * Hands over all that waits, as far as the channel may hold it, and `last`, in one packet with the last of it; and once
   * more for each burst that the channel holds, since each of them sets off one. Synchronous.
   */
  finish(last: Bye): void
  /** Bytes in the channel. */
  bufferedBytes(): number
  /** Touches the channel no more. */
  stop(): void
}

export type WriterLimits = Pick<
  MeshLimits,
  'windowHighBytes' | 'windowLowBytes' | 'channelBytesMax'
>

/** `onFailed` is called, never from within a call of this writer, when the channel throws. */
export function createChannelWriter(
  channel: LinkChannel,
  outbox: Outbox,
  limits: WriterLimits,
  onFailed: (detail: string) => void,
): ChannelWriter {
  // Channels copy what they are given, so one buffer serves all packets.
  const packet = new Uint8Array(packetBytesMax)
  let scheduled = false
  let shut = false
  let stopped = false

  function fail(error: unknown): void {
    if (stopped) return
    stopped = true
    queueMicrotask(() => onFailed(String(error)))
  }

  /** True: `last` went along. Who is told all at once does not answer a page that is gone. */
  function flush(holdMax: number, last?: Bye): boolean {
    try {
      while (!stopped) {
        if (channel.bufferedBytes() >= holdMax) {
          shut = true
          return false
        }
        const length = outbox.pack(packet)
        if (length === 0) return false
        const goesAlong = outbox.bytes() === 0 && length + byeBytes <= packet.length
        const end = last !== undefined && goesAlong ? writeLinkFrame(packet, length, last) : length
        channel.send(packet.subarray(0, end))
        if (end > length) return true
      }
    } catch (error) {
      fail(error)
    }
    return false
  }

  function frame(frame: LinkFrame): void {
    if (stopped) return
    try {
      // A channel so full will not say much more anyway: its silence ends the link.
      if (channel.bufferedBytes() < limits.channelBytesMax) channel.send(linkPacket(frame))
    } catch (error) {
      fail(error)
    }
  }

  return {
    frame,
    queued() {
      if (scheduled || shut || stopped) return
      scheduled = true
      queueMicrotask(() => {
        scheduled = false
        if (!shut) flush(limits.windowHighBytes)
      })
    },
    drained() {
      if (stopped || (shut && channel.bufferedBytes() > limits.windowLowBytes)) return
      shut = false
      flush(limits.windowHighBytes)
    },
    finish(last) {
      // What exceeds the window would hardly leave before the page does, and would hold up the good-bye.
      if (!flush(limits.windowHighBytes, last)) frame(last)
      for (let held = channel.bufferedBytes(); held > burstBytes; held -= burstBytes) frame(last)
    },
    bufferedBytes: () => (stopped ? 0 : channel.bufferedBytes()),
    stop() {
      stopped = true
    },
  }
}
