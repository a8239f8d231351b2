/** The part of simple-peer that the bare channels use. The prebuilt file has its polyfills inside and no types. */
declare module 'simple-peer/simplepeer.min.js' {
  interface Options {
    readonly initiator: boolean
    readonly config: RTCConfiguration
  }

  class Peer {
    constructor(options: Options)
    /** Its data channel, once it has one; not part of its public face. */
    readonly _channel: RTCDataChannel | null
    on(event: 'signal', listener: (signal: unknown) => void): void
    on(event: 'connect' | 'close', listener: () => void): void
    on(event: 'data', listener: (data: Uint8Array) => void): void
    on(event: 'error', listener: (error: Error) => void): void
    signal(signal: unknown): void
    send(data: Uint8Array): void
  }

  export { Peer as default }
}
