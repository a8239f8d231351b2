/**
 * A link channel by simple-peer: the one file that knows the library. It cannot restart ICE, says nothing of
 * backpressure and asks public STUN servers unless told otherwise; so a channel here lives once, reports how much it
 * holds, and uses only the ICE servers it is given.
 */
import Peer from 'simple-peer/simplepeer.min.js'
import type {
  LinkChannel,
  LinkChannelEvents,
  LinkChannelOptions,
  OpenLinkChannel,
} from './link-channel.ts'
import { routeOf } from './link-route.ts'
import { peerSignalOf } from './link-signal.ts'
import { ChannelClosedError, endThreaded, sendOpen, sendThreaded } from './peer-ending.ts'

/** `wrtc` is the WebRTC of a platform that has none of its own, such as @roamhq/wrtc in Node. */
export function peerChannels(wrtc?: object): OpenLinkChannel {
  return (options, events) => openPeerChannel(options, events, wrtc)
}

function openPeerChannel(
  options: LinkChannelOptions,
  events: LinkChannelEvents,
  wrtc: object | undefined,
): LinkChannel {
  const { initiator } = options
  // Without a list of its own simple-peer would ask the STUN servers of third parties.
  const config: RTCConfiguration = { iceServers: [], ...options.ice }
  const platform = wrtc === undefined ? {} : { wrtc }
  const peer = new Peer({ initiator, trickle: true, config, ...platform })
  let closed = false
  let failure: string | undefined

  function end(detail: string): void {
    if (closed) return
    closed = true
    events.onEnded(detail)
  }

  peer.on('signal', (raw) => {
    // Renegotiation is not ours: there is one channel and no media.
    const signal = peerSignalOf(raw)
    if (signal !== undefined && !closed) events.onSignal(signal)
  })
  peer.on('connect', () => {
    if (closed) return
    const channel = peer._channel
    if (channel !== null) {
      channel.bufferedAmountLowThreshold = options.lowBytes
      channel.addEventListener('bufferedamountlow', () => {
        if (!closed) events.onDrained()
      })
    }
    events.onOpen()
  })
  // Its stream of Buffers costs more than all that we do with a packet, and a timer for each.
  peer._onChannelMessage = ({ data }) => {
    if (closed || peer.destroyed) return
    // Text is not of this wire: it is as good as nothing, and refused as that.
    events.onPacket(data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array())
  }
  peer.on('error', (error) => {
    failure = error.code === undefined ? error.message : `${error.code}: ${error.message}`
  })
  // Comes after every error, and alone when the other end closed.
  peer.on('close', () => end(failure ?? 'the other end closed the channel'))

  return {
    signal(signal) {
      if (closed || peer.destroyed) return
      try {
        peer.signal(signal)
      } catch (error) {
        failure = String(error)
        peer.destroy()
      }
    },
    send(packet) {
      if (closed) throw new ChannelClosedError()
      if (wrtc === undefined) sendOpen(peer, packet)
      else sendThreaded(peer, packet)
    },
    bufferedBytes: () => peer._channel?.bufferedAmount ?? 0,
    async route() {
      try {
        const report = await peer._pc?.getStats()
        return report === undefined ? undefined : routeOf(report)
      } catch {
        // A connection that has just ended reports nothing.
        return undefined
      }
    },
    close() {
      closed = true
      if (wrtc === undefined) peer.destroy()
      else endThreaded(peer, initiator)
    },
  }
}
