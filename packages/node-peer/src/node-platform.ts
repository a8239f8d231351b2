/** The WebRTC and the WebSocket of Node, which has neither: the one file that knows the libraries. */
import wrtc from '@roamhq/wrtc'
import { peerChannels, webSockets } from '@unanimous/webrtc-transport'
import type { OpenLinkChannel, OpenTextSocket, WebSocketLike } from '@unanimous/webrtc-transport'
import { WebSocket } from 'ws'

/** What a mesh needs of a platform. */
export interface NodePlatform {
  readonly openChannel: OpenLinkChannel
  readonly openSocket: OpenTextSocket
}

export const nodePlatform: NodePlatform = {
  openChannel: peerChannels(wrtc),
  openSocket: webSockets(QuietSocket()),
}

/** A server that is not there is told by the closing; without a listener `ws` would end the process over it. */
function QuietSocket(): WebSocketLike {
  return class extends WebSocket {
    constructor(url: string) {
      super(url)
      this.on('error', () => undefined)
    }
  } as unknown as WebSocketLike
}
