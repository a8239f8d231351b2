/** Which messages belong together: by what they are about, by the way they may take, and by which goes first. */
import type { AskMessage } from './ask-message.ts'
import type { Message, Payload, Will } from './message.ts'
import type { SnapshotMessage } from './snapshot-message.ts'
import type { TreeMessage } from './tree-message.ts'

const isOneOf = (types: readonly Message['type'][], type: Message['type']): boolean =>
  types.includes(type)

const willTypes = ['bequest', 'resolve', 'verdict', 'noted'] as const

export const isWillType = (type: Message['type']): type is Will['type'] => isOneOf(willTypes, type)

export const isWill = (message: Message): message is Will => isWillType(message.type)

const snapshotTypes = ['pullSnapshot', 'snapshotPiece'] as const

export const isSnapshotType = (type: Message['type']): type is SnapshotMessage['type'] =>
  isOneOf(snapshotTypes, type)

export const isAboutSnapshots = (message: Message): message is SnapshotMessage =>
  isSnapshotType(message.type)

const treeTypes = ['subscribe', 'stream', 'declined', 'sighting'] as const

export const isTreeType = (type: Message['type']): type is TreeMessage['type'] =>
  isOneOf(treeTypes, type)

export const isAboutTree = (message: Message): message is TreeMessage => isTreeType(message.type)

const askTypes = ['ask', 'answered'] as const

export const isAskType = (type: Message['type']): type is AskMessage['type'] =>
  isOneOf(askTypes, type)

export const isAskMessage = (message: Message): message is AskMessage => isAskType(message.type)

const directTypes: ReadonlySet<Message['type']> = new Set([
  ...(['beacon', 'gossip', 'relayed', 'welcome', 'subscribe', 'stream', 'sighting'] as const),
  ...willTypes,
])

/**
 * Beacons have a way of their own, a welcome is for a newcomer at the other end of a link, who feeds whom is between two that
 * are linked, and no relay may forge whose votes are whose.
 */
export const isPayload = (message: Message): message is Payload => !directTypes.has(message.type)

const controlTypes: ReadonlySet<Message['type']> = new Set([
  ...(['beacon', 'prepare', 'nack', 'gap', 'takeOver', 'join', 'leave', 'left'] as const),
  ...(['welcome', 'gossip', 'probe', 'probeAck'] as const),
  ...(['readProbe', 'readAck', 'readIndex', 'readIndexReply'] as const),
  ...(['subscribe', 'declined', ...askTypes] as const),
])

/** Small messages on which it depends who leads and who is there; relayed ones by what is inside. They overtake the others. */
export const isControl = (message: Message): boolean =>
  controlTypes.has(message.type === 'relayed' ? message.message.type : message.type)
