/** Which messages overtake others on a link: small ones, on which it depends who leads and who is there. */
import type { Priority } from '../ports/transport.ts'
import type { Message } from '../protocol/message.ts'

const controlTypes: ReadonlySet<Message['type']> = new Set([
  ...(['beacon', 'prepare', 'nack', 'gap', 'takeOver'] as const),
  ...(['join', 'leave', 'left', 'welcome', 'gossip'] as const),
  ...(['readProbe', 'readAck', 'readIndex', 'readIndexReply'] as const),
])

export const priorityOf = (message: Message): Priority =>
  controlTypes.has(message.type === 'relayed' ? message.message.type : message.type)
    ? 'control'
    : 'data'
