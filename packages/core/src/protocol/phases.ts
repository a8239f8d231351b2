/** Hands a message to the phase of the protocol that it belongs to: what is agreed, caught up on and read. Knows no links and no members. */
import { assertNever } from '../base/assert.ts'
import { onAccept, onAccepted, onGap } from './accept.ts'
import { onChunk, onSnapshotPiece } from './adopt.ts'
import { isLent, onLentPiece } from './borrowing.ts'
import { onAcceptSync, onPull, onPullSnapshot } from './catch-up.ts'
import { onDecide } from './decide.ts'
import type { ReplicaId } from './ids.ts'
import type { Message } from './message.ts'
import { onNack, onPrepare, onPromised } from './prepare.ts'
import { onPropose } from './proposals.ts'
import type { ReadMessage } from './reads.ts'
import { isAboutReads, onReadMessage } from './reads.ts'
import type { Context } from './state.ts'

const agreementTypes = [
  'prepare',
  'promised',
  'accept',
  'accepted',
  'acceptSync',
  'decide',
  'gap',
  'nack',
  'propose',
] as const

type AgreementMessage = Extract<Message, { type: (typeof agreementTypes)[number] }>

/** What stores ask of each other's logs, and get, piece by piece. */
const pieceTypes = ['pull', 'chunk', 'pullSnapshot', 'snapshotPiece'] as const

export type PieceMessage = Extract<Message, { type: (typeof pieceTypes)[number] }>

export type PhaseMessage = AgreementMessage | PieceMessage | ReadMessage

const isOneOf = (types: readonly Message['type'][], { type }: Message): boolean =>
  types.includes(type)

export const isPiece = (message: Message): message is PieceMessage => isOneOf(pieceTypes, message)

const isAgreement = (message: Message): message is AgreementMessage =>
  isOneOf(agreementTypes, message)

export const isOfPhases = (message: Message): message is PhaseMessage =>
  isAgreement(message) || isPiece(message) || isAboutReads(message)

export function onPhaseMessage(context: Context, from: ReplicaId, message: PhaseMessage): void {
  if (isAboutReads(message)) return onReadMessage(context, from, message)
  switch (message.type) {
    case 'prepare':
      return onPrepare(context, from, message)
    case 'promised':
      return onPromised(context, from, message)
    case 'accept':
      return onAccept(context, from, message)
    case 'accepted':
      return onAccepted(context, from, message)
    case 'acceptSync':
      return onAcceptSync(context, from, message)
    case 'decide':
      return onDecide(context, from, message)
    case 'gap':
      return onGap(context, from, message)
    case 'nack':
      return onNack(context, from, message)
    case 'propose':
      return onPropose(context, from, message)
    case 'pull':
      return onPull(context, from, message)
    case 'chunk':
      return onChunk(context, from, message)
    case 'pullSnapshot':
      return onPullSnapshot(context, from, message)
    case 'snapshotPiece':
      if (isLent(context.state, from, message)) return onLentPiece(context, from, message)
      return onSnapshotPiece(context, from, message)
    default:
      return assertNever(message)
  }
}
