/** Hands a message to the phase of the protocol that it belongs to: no links, no elections, no membership. */
import type { Context, Message, ReplicaId } from '@unanimous/core/internal'
import {
  isAboutReads,
  isPayload,
  isPiece,
  isQuestion,
  onAccept,
  onAccepted,
  onAcceptSync,
  onBequest,
  onDecide,
  onGap,
  onNack,
  onNoted,
  onPiece,
  onPrepare,
  onPromised,
  onPropose,
  onReadMessage,
  onResolve,
  onVerdict,
} from '@unanimous/core/internal'

export function receive(context: Context, from: ReplicaId, message: Message): void {
  if (isAboutReads(message)) return onReadMessage(context, from, message)
  if (isQuestion(message)) return
  if (isPiece(message)) return onPiece(context, from, message)
  if (!isPayload(message)) return receiveWill(context, from, message)
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
    case 'takeOver':
    case 'join':
    case 'leave':
    case 'left':
    case 'presence':
    // Nobody who runs the phases alone sends one.
  }
}

/** What goes from store to store directly, as far as the phases know it. */
function receiveWill(context: Context, from: ReplicaId, message: Message): void {
  if (message.type === 'bequest') onBequest(context, from, message)
  if (message.type === 'resolve') onResolve(context, from, message)
  if (message.type === 'verdict') onVerdict(context, from, message)
  if (message.type === 'noted') onNoted(context, from)
}
