/** The part of simple-peer that peer-channel.ts uses. The prebuilt file has its polyfills inside and no types. */
declare module 'simple-peer/simplepeer.min.js' {
  interface Options {
    readonly initiator: boolean
    readonly trickle: boolean
    readonly config: RTCConfiguration
    readonly wrtc?: object
  }

  class Peer {
    constructor(options: Options)
    readonly destroyed: boolean
    /** Its data channel, once it has one; not part of its public face. */
    readonly _channel: RTCDataChannel | null
    /** Its connection, until it is destroyed; not part of its public face either. */
    readonly _pc: RTCPeerConnection | null
    /** Called with each message of that channel; not part of its public face either. */
    _onChannelMessage: (event: MessageEvent<unknown>) => void
    on(event: 'signal', listener: (signal: unknown) => void): void
    on(event: 'connect' | 'close', listener: () => void): void
    on(event: 'error', listener: (error: Error & { readonly code?: string }) => void): void
    signal(signal: unknown): void
    send(data: Uint8Array): void
    destroy(): void
  }

  export { Peer as default }
}
