/** A socket of texts to one server, and the one file that touches the platform's WebSocket. */

/** None is called from within a call of the socket, and none after `close`. */
export interface TextSocketEvents {
  onOpen(): void
  onText(text: string): void
  /** It is over, or never came to be. `code` as in RFC 6455; 1006 for a broken connection. */
  onClosed(code: number): void
}

/** One connection; gone for good once it closed. */
export interface TextSocket {
  /** Only after `onOpen`. Never throws; what cannot be sent is lost. */
  send(text: string): void
  /** Bytes that were handed over and have not left. */
  bufferedBytes(): number
  close(): void
}

/** Throws if no socket to such a url can ever be. */
export type OpenTextSocket = (url: string, events: TextSocketEvents) => TextSocket

/** The part of WebSocket that is used: what browsers have, and the one of `ws` in Node. */
export type WebSocketLike = new (
  url: string,
) => Pick<
  WebSocket,
  'send' | 'close' | 'readyState' | 'bufferedAmount' | 'onopen' | 'onmessage' | 'onclose'
>

const stateOpen = 1

/** `Socket` is for a platform that has no WebSocket of its own. */
export function webSockets(Socket?: WebSocketLike): OpenTextSocket {
  return (url, events) => {
    const socket = new (Socket ?? WebSocket)(url)
    socket.onopen = () => events.onOpen()
    socket.onmessage = (message: MessageEvent<unknown>) => {
      // The wire is text; anything else is nothing that a server of ours sends.
      events.onText(typeof message.data === 'string' ? message.data : '')
    }
    socket.onclose = (close) => events.onClosed(close.code)
    return {
      send(text) {
        if (socket.readyState === stateOpen) socket.send(text)
      },
      bufferedBytes: () => socket.bufferedAmount,
      close() {
        socket.onopen = null
        socket.onmessage = null
        socket.onclose = null
        socket.close()
      },
    }
  }
}
