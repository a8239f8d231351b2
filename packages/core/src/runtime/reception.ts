/** Frames on their way in: what came by others is believed only if its author said it. Knows seals, not what follows. */
import type { MessageCodec } from '../codec/message-codec.ts'
import type { Clock } from '../ports/clock.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import type { Message } from '../protocol/message.ts'
import type { Frame, Input } from '../replica/input.ts'
import type { ReplicaState } from '../replica/state.ts'
import type { Seals } from './seals.ts'

export type Admitted =
  | { readonly ok: true; readonly input: Input; readonly message: Message }
  | { readonly ok: false; readonly because: { readonly why: string; readonly detail: string } }

interface Doorkeeper {
  readonly codec: MessageCodec
  readonly seals: Seals
  readonly state: ReplicaState
  readonly clock: Clock
}

/** What the loop takes in, or why the frame is none. */
export function admit(parts: Doorkeeper, from: ReplicaId, bytes: Uint8Array): Admitted {
  const decoded = parts.codec.decode(bytes)
  if (!decoded.ok) return { ok: false, because: { why: decoded.why, detail: decoded.detail } }
  const { message } = decoded.frame
  const input = inputOf(parts, from, decoded.frame)
  if (typeof input !== 'string') return { ok: true, input, message }
  return { ok: false, because: { why: input, detail: message.type } }
}

/** A word: why it is none. */
function inputOf(
  { seals, state, clock }: Doorkeeper,
  from: ReplicaId,
  frame: Frame,
): Input | 'forged' | 'newKeys' {
  const { message, group: id, epoch } = frame
  const group = id === undefined ? undefined : { id, epoch }
  // The link says who it is; the key is for the day on which others carry what they say.
  if (message.type === 'beacon') seals.learn(from, message.vouch.key)
  if (message.type === 'gossip') {
    const standing = seals.judge(message, group, { by: from, now: clock.now() })
    if (standing === 'rumour') return { type: 'rumour', from, gossip: message }
    if (standing !== 'believed') return standing
  }
  // Those between cannot tell, and need not.
  const forUs = message.type === 'relayed' && message.path.at(-1) === state.options.self
  if (forUs) seals.meet(message, { by: from, now: clock.now() })
  if (forUs && !seals.isGenuine(message, group)) return 'forged'
  return { type: 'received', from, frame }
}
