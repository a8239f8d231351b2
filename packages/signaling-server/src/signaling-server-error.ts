/** What can be wrong with starting a server. Peers never cause one of these. */

/** `bad-option`: the caller must change an option. `cannot-listen`: the port or address is not to be had. */
export type SignalingServerErrorCode = 'bad-option' | 'cannot-listen'

/** Thrown by `createSignalingServer` only; the message says what to do. */
export class SignalingServerError extends Error {
  override readonly name = 'SignalingServerError'
  readonly code: SignalingServerErrorCode

  constructor(code: SignalingServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
