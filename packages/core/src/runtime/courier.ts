/** Messages on their way out: encoded once for all who get them, and written down. Knows no order; the loop does. */
import type { MessageCodec } from '../codec/message-codec.ts'
import type { Transport } from '../ports/transport.ts'
import type { LinkWish } from '../protocol/link-wish.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import type { Message } from '../protocol/message.ts'
import type { ReplicaState } from '../replica/state.ts'
import { priorityOf } from './priority.ts'
import type { Recorder } from './recorder.ts'
import type { Seals } from './seals.ts'

export interface CourierParts {
  readonly transport: Transport
  readonly codec: MessageCodec
  /** Says in which group the sender is. */
  readonly state: ReplicaState
  readonly trace: Recorder
  readonly seals: Seals
}

export class Courier {
  readonly #parts: CourierParts
  #wish: LinkWish | undefined
  #encoded: { readonly message: Message; readonly bytes: Uint8Array } | undefined

  constructor(parts: CourierParts) {
    this.#parts = parts
  }

  /** Tells the transport which links are needed, whenever that changes. */
  keepLinks(): void {
    const { transport, state } = this.#parts
    if (state.tree.wish === this.#wish) return
    this.#wish = state.tree.wish
    transport.prefer?.(this.#wish)
  }

  send(to: ReplicaId, message: Message): void {
    const { transport, codec, state, trace } = this.#parts
    if (this.#encoded?.message !== message) {
      const protectedOne = this.#protect(message)
      if (protectedOne === undefined) return
      this.#encoded = { message, bytes: codec.encode(protectedOne, state.group) }
    }
    const { bytes } = this.#encoded
    trace.sent(to, message, bytes.length, transport.send(to, bytes, priorityOf(message)))
  }

  /** What others may carry is sealed by its author; what is only passed on stays as it came. Undefined: it cannot be. */
  #protect(message: Message): Message | undefined {
    const { state, seals } = this.#parts
    const { group, peers, options } = state
    if (message.type === 'relayed' && message.path[0] === options.self) {
      return seals.seal(message, group, state.protocol.observing !== undefined)
    }
    if (message.type !== 'beacon') return message
    const hears = (id: ReplicaId): boolean => {
      // Whom this store does not hear now, it cannot know to hear it: what such a peer said last may have been true then.
      const heardNow = message.heard.includes(id) && (peers.get(id)?.linked ?? false)
      return heardNow && (peers.get(id)?.beacon?.heard.includes(options.self) ?? false)
    }
    return { ...message, vouch: seals.vouch(message, group, hears) }
  }
}
