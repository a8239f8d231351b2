/** Looks whether what a person asks for may be done, and does it. Knows the rules, not the stay. */
import type { Refounded, ReplicaStatus } from '@unanimous/core'
import type { Admin } from './admin.ts'
import { NotRecovered } from './errors.ts'

interface AdminParts {
  /** Undefined: this tab takes no part now. */
  readonly replica: () => ReplicaStatus | undefined
  /** Undefined: it could not be done. */
  readonly beginAnew: () => Promise<Refounded | undefined>
}

export const createAdmin = ({ replica, beginAnew }: AdminParts): Admin => ({
  async recover() {
    const refusal = whyNotRecover(replica())
    if (refusal !== undefined) throw refusal
    const refounded = await beginAnew()
    if (refounded === undefined) throw new NotRecovered('store')
    return refounded
  },
})

function whyNotRecover(status: ReplicaStatus | undefined): NotRecovered | undefined {
  if (status === undefined) return new NotRecovered('closed')
  const { phase, votersReached, votersNeeded, betterCopy } = status
  if (phase === 'joining' || phase === 'catchingUp') return new NotRecovered('no-group')
  if (phase === 'ready' || votersReached >= votersNeeded) return new NotRecovered('majority')
  return betterCopy === undefined ? undefined : new NotRecovered('better-copy', betterCopy)
}
