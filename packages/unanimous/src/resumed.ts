/** What a tab had asked for before it was reloaded, as its application sees it. */
import { decodeCommand } from './command-codec.ts'
import type { Resumed } from './proposal.ts'
import type { Proposer } from './propose.ts'
import { resumedBy } from './propose.ts'

/** Of the replica that runs now. */
export function resumedIn(proposer: Proposer): readonly Resumed[] {
  const replica = proposer.replica()
  return replica.resumed.map((resumed) => {
    const command = decodeCommand(resumed.command)
    const { id, outcome } = resumedBy(proposer, replica, resumed)
    return { id, command: command?.name, args: command?.args, outcome }
  })
}
