/** What other stores say about votes that are passed on, and what this one says to itself; judged by the protocol. */
import { assertNever } from '../base/assert.ts'
import { onBequest, onNoted, onResolve, onVerdict } from '../protocol/bequest.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import type { Will } from '../protocol/message.ts'
import { refreshView } from './beacon.ts'
import { nominate } from './round.ts'
import { ignore } from '../protocol/state.ts'
import type { Step } from './surroundings.ts'
import { contextOf } from './surroundings.ts'

export function dispatchWill(step: Step, from: ReplicaId, message: Will): void {
  const context = contextOf(step)
  switch (message.type) {
    case 'bequest':
      if (step.replica.options.role === 'standby')
        return ignore(context, from, 'bequest', 'standsBy')
      // Nothing that it holds is on its disk: asked later, it says that it never took them.
      if (context.state.observing !== undefined)
        return ignore(context, from, 'bequest', 'observing')
      return onBequest(context, from, message)
    case 'resolve':
      return onResolve(context, from, message)
    case 'verdict':
      onVerdict(context, from, message)
      return refreshView(step)
    case 'noted':
      return onWritten(step, from)
    default:
      return assertNever(message)
  }
}

function onWritten(step: Step, from: ReplicaId): void {
  const giver = onNoted(contextOf(step), from)
  refreshView(step)
  const { promised, role } = step.replica.protocol
  // It led: whoever holds its votes goes on where it stopped.
  if (giver !== undefined && giver === promised.node && role.phase === 'follower') nominate(step)
}
