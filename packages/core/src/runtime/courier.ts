/** Messages on their way out: encoded once for all who get them, and written down. Knows no order; the loop does. */
import type { MessageCodec } from '../codec/message-codec.ts'
import type { Transport } from '../ports/transport.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import type { Message } from '../protocol/message.ts'
import type { ReplicaState } from '../replica/state.ts'
import { priorityOf } from './priority.ts'
import type { Recorder } from './recorder.ts'

export interface CourierParts {
  readonly transport: Transport
  readonly codec: MessageCodec
  /** Says in which group the sender is. */
  readonly state: ReplicaState
  readonly trace: Recorder
}

export class Courier {
  readonly #parts: CourierParts
  #encoded: { readonly message: Message; readonly bytes: Uint8Array } | undefined

  constructor(parts: CourierParts) {
    this.#parts = parts
  }

  send(to: ReplicaId, message: Message): void {
    const { transport, codec, state, trace } = this.#parts
    if (this.#encoded?.message !== message) {
      this.#encoded = { message, bytes: codec.encode(message, state.group) }
    }
    const { bytes } = this.#encoded
    trace.sent(to, message, bytes.length, transport.send(to, bytes, priorityOf(message)))
  }
}
