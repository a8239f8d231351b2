/**
 * Parts of messages back to messages, for one link. Holds only bytes that have arrived, within the limits; a breach is
 * a reason, after which the link is not to be used. Knows nothing of frames before or after.
 */
import type { Priority } from '@unanimous/core'
import type { Part } from './framing.ts'
import { partBytesMin, type MeshLimits } from './limits.ts'

/** Why a part cannot belong to an honest stream. */
export type PartFault =
  'part-order' | 'part-size' | 'message-size' | 'too-many-partials' | 'reassembly-full'

export type Gathered =
  | { readonly ok: true; readonly message: Uint8Array | undefined }
  | { readonly ok: false; readonly why: PartFault }

export interface Reassembly {
  /** The message that this part completes, if it does. */
  gather(part: Part): Gathered
  /** Bytes of unfinished messages. */
  heldBytes(): number
}

export type ReassemblyLimits = Pick<
  MeshLimits,
  'messageBytesMax' | 'partialMessagesMax' | 'reassemblyBytesMax'
>

interface Unfinished {
  readonly priority: Priority
  readonly total: number
  readonly chunks: Uint8Array[]
  bytes: number
}

const more: Gathered = { ok: true, message: undefined }
const refused = (why: PartFault): Gathered => ({ ok: false, why })

export function createReassembly(limits: ReassemblyLimits): Reassembly {
  const partials = new Map<number, Unfinished>()
  let held = 0

  function begun(part: Part): Unfinished | PartFault {
    if (part.index !== 0) return 'part-order'
    // The least that so many parts can hold is known before any of it is kept.
    if ((part.total - 1) * partBytesMin >= limits.messageBytesMax) return 'message-size'
    if (partials.size >= limits.partialMessagesMax) return 'too-many-partials'
    const partial: Unfinished = { priority: part.priority, total: part.total, chunks: [], bytes: 0 }
    partials.set(part.id, partial)
    return partial
  }

  function whyNot(partial: Unfinished, part: Part): PartFault | undefined {
    const inOrder =
      partial.chunks.length === part.index &&
      partial.total === part.total &&
      partial.priority === part.priority
    if (!inOrder) return 'part-order'
    const last = part.index === part.total - 1
    if (!last && part.bytes.length < partBytesMin) return 'part-size'
    if (partial.bytes + part.bytes.length > limits.messageBytesMax) return 'message-size'
    if (held + part.bytes.length > limits.reassemblyBytesMax) return 'reassembly-full'
    return undefined
  }

  return {
    heldBytes: () => held,
    gather(part) {
      const partial = partials.get(part.id) ?? begun(part)
      if (typeof partial === 'string') return refused(partial)
      const why = whyNot(partial, part)
      if (why !== undefined) return refused(why)
      partial.chunks.push(owned(part.bytes))
      partial.bytes += part.bytes.length
      held += part.bytes.length
      if (partial.chunks.length < partial.total) return more
      partials.delete(part.id)
      held -= partial.bytes
      return { ok: true, message: joined(partial) }
    },
  }
}

/**
 * The same bytes, in a buffer that is not much larger: whoever keeps a few bytes of a packet should not keep the packet
 * (an application that decodes in place would hold 16 KiB for an entry of 50 bytes).
 */
export function owned(bytes: Uint8Array): Uint8Array {
  return bytes.length * 2 >= bytes.buffer.byteLength ? bytes : bytes.slice()
}

function joined(partial: Unfinished): Uint8Array {
  const message = new Uint8Array(partial.bytes)
  let at = 0
  for (const chunk of partial.chunks) {
    message.set(chunk, at)
    at += chunk.length
  }
  return message
}
