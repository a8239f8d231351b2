/**
 * How a peer's one channel is used near its end. A browser changes nothing while a page runs. Elsewhere the platform has
 * threads of its own, which end a channel whenever the other end does, ahead of all events; and the one of Node crashes the
 * process when two threads end the same channel, or when a channel ends within a call of `send`.
 */

/** What is used of the library's peer. */
export interface EndingPeer {
  /** Its data channel, once it has one. */
  readonly _channel: Pick<RTCDataChannel, 'readyState' | 'close'> | null
  send(packet: Uint8Array): void
  /** Closes the channel and its connection. */
  destroy(): void
  /** `close`: both are closed, whoever did it. */
  on(event: 'close', listener: () => void): void
}

/** The channel cannot take a packet now, or ever. */
export class ChannelClosedError extends Error {
  override readonly name = 'ChannelClosedError'
  readonly code = 'channel-closed'

  constructor() {
    super('the channel is not open')
  }
}

const stateOf = (peer: EndingPeer): RTCDataChannelState | undefined => peer._channel?.readyState

/** @throws ChannelClosedError */
export function sendOpen(peer: EndingPeer, packet: Uint8Array): void {
  // The library is silent about what it is given while it closes.
  if (stateOf(peer) !== 'open') throw new ChannelClosedError()
  peer.send(packet)
}

/**
 * Once the channel has ended, what the other end said last may still come, and then the end itself: until then what is sent
 * is lost, and nothing else. @throws ChannelClosedError before the channel is open
 */
export function sendThreaded(peer: EndingPeer, packet: Uint8Array): void {
  try {
    sendOpen(peer, packet)
  } catch (error) {
    // Looked at only now: it may have been open when it was looked at before.
    const state = stateOf(peer)
    if (state !== 'closing' && state !== 'closed') throw error
  }
}

/** How long the other end has to end the channel; of two that wait, one goes first. */
const patienceMs = { initiator: 700, answerer: 1500 }

/** From closing the channel to closing its connection, if no event says before that the channel is closed. */
const closingMs = 1500

/**
 * Whoever closes says good-bye, and the other end then closes: so this end waits for that, and ends it only if nothing comes.
 * The library closes the connection when the channel is.
 */
export function endThreaded(peer: EndingPeer, initiator: boolean): void {
  if (stateOf(peer) === undefined) {
    peer.destroy()
    return
  }
  let timer = setTimeout(
    () => {
      peer._channel?.close()
      timer = setTimeout(() => peer.destroy(), closingMs)
    },
    initiator ? patienceMs.initiator : patienceMs.answerer,
  )
  peer.on('close', () => clearTimeout(timer))
}
