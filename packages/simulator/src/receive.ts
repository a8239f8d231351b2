/** Hands a message to the phase of the protocol that it belongs to: no links, no elections, no membership. */
import type { Context, Message, ReplicaId } from '@unanimous/core/internal'
import {
  isOfPhases,
  onBequest,
  onNoted,
  onPhaseMessage,
  onResolve,
  onVerdict,
} from '@unanimous/core/internal'

export function receive(context: Context, from: ReplicaId, message: Message): void {
  if (isOfPhases(message)) onPhaseMessage(context, from, message)
  else receiveWill(context, from, message)
}

/** What goes from store to store directly, as far as the phases know it. */
function receiveWill(context: Context, from: ReplicaId, message: Message): void {
  if (message.type === 'bequest') onBequest(context, from, message)
  if (message.type === 'resolve') onResolve(context, from, message)
  if (message.type === 'verdict') onVerdict(context, from, message)
  if (message.type === 'noted') onNoted(context, from)
}
