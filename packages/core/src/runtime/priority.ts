/** Which messages overtake others on a link. */
import type { Priority } from '../ports/transport.ts'
import type { Message } from '../protocol/message.ts'
import { isControl } from '../protocol/message-kinds.ts'

export const priorityOf = (message: Message): Priority => (isControl(message) ? 'control' : 'data')
