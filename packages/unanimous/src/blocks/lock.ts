/** Locks by name: one tab holds a name, others wait in line, and whoever vanishes loses it after its time to live. */
import type { ArgsOf, MemberId, Machine, ResultOf } from '../machine.ts'
import { defineMachine } from '../machine.ts'
import { holdLease } from './held-lease.ts'
import type { Held } from './held-lease.ts'
import { waitFor } from './host.ts'
import type { Ask, Host, WaitOptions } from './host.ts'
import type { LeaseCommands, Leases } from './lease.ts'
import { leaseCommands, leaseOf, leaseValidation } from './lease.ts'

/** The machine of all locks of a group. */
export const lockMachine: Machine<Leases, LeaseCommands> = defineMachine({
  name: 'lock',
  version: 1,
  initial: (): Leases => ({ held: {} }),
  commands: leaseCommands,
  validate: leaseValidation,
})

/** The commands of leases as a handle calls them. */
export type LeaseAsks = {
  readonly [K in keyof LeaseCommands]: Ask<ArgsOf<LeaseCommands[K]>, ResultOf<LeaseCommands[K]>>
}

/** A group that has locks. */
export type LockHost = Host<'lock', Leases, LeaseAsks>

/** How long a lock lives without its holder. */
export interface LockOptions {
  /** A holder that vanishes loses the lock after this; 10 000 unless told. Renewed by itself while the holder lives. */
  readonly ttlMs?: number
}

/** One lock. */
export interface Lock {
  /** Who holds it now, as this tab knows; undefined: nobody. Past its time to live a holder may be gone. */
  readonly holder: MemberId | undefined
  /**
   * Waits in line for it. Resolves with undefined when `waitMs` is over. Rejects with `NotSent` or `Unknown` when the group
   * cannot be reached, with `Refused` when too many wait, and with the reason of `abort`.
   */
  acquire(options?: WaitOptions): Promise<Held | undefined>
}

const ttlMsDefault = 10_000

/**
 * A handle on the lock `key`. Any number of handles on one key are the same lock; each `acquire` stands in line for itself.
 *
 * @example
 * const held = await lock(group, 'page:42').acquire({ waitMs: 5000 })
 * if (held === undefined) return 'somebody else is writing'
 * await save(page, { fence: held.fence })
 * await held.release()
 */
export function lock(group: LockHost, key: string, options: LockOptions = {}): Lock {
  const ttlMs = options.ttlMs ?? ttlMsDefault
  return {
    get holder() {
      return leaseOf(group.state.lock, key)?.holder.member
    },
    acquire: (wait = {}) => acquireLease(lockLeases(group), { key, ttlMs }, wait),
  }
}

/** Where leases are, whatever machine they belong to. */
export interface LeasePlace {
  readonly me: MemberId
  readonly leases: () => Leases
  readonly asks: LeaseAsks
  readonly subscribe: (listener: () => void) => () => void
}

const lockLeases = (group: LockHost): LeasePlace => ({
  me: group.me,
  leases: () => group.state.lock,
  asks: {
    claim: group.do['lock.claim'],
    renew: group.do['lock.renew'],
    release: group.do['lock.release'],
    cancel: group.do['lock.cancel'],
  },
  subscribe: (listener) => group.subscribe(listener),
})

let claims = 0

/** Unique in this tab: a reload is another start, so its claims are other ones. */
function nextToken(): string {
  claims += 1
  return `${performance.timeOrigin}.${claims}`
}

export async function acquireLease(
  place: LeasePlace,
  { key, ttlMs }: { readonly key: string; readonly ttlMs: number },
  wait: WaitOptions,
): Promise<Held | undefined> {
  wait.abort?.throwIfAborted()
  const token = nextToken()
  const { asks, me } = place
  const ours = (): number | undefined => {
    const lease = leaseOf(place.leases(), key)
    const isOurs = lease?.holder.member === me && lease.holder.token === token
    return isOurs ? lease.fence : undefined
  }
  let askedAt = performance.now()
  const ask = async (): Promise<number | undefined> => {
    askedAt = performance.now()
    const answer = await asks.claim({ key, token, ttlMs })
    return answer.granted ? answer.fence : undefined
  }
  const fence =
    (await ask()) ?? (await standInLine({ place, key, token, ttlMs }, { wait, ask, ours }))
  if (fence === undefined) return undefined
  return holdLease({
    ...{ key, fence, ttlMs, askedAt, subscribe: place.subscribe },
    ...{ renew: asks.renew, release: asks.release },
    isOurs: () => ours() === fence,
  })
}

interface Line {
  readonly place: LeasePlace
  readonly key: string
  readonly token: string
  readonly ttlMs: number
}

interface Turn {
  readonly wait: WaitOptions
  readonly ask: () => Promise<number | undefined>
  readonly ours: () => number | undefined
}

/** Looks at every change; asks again when the holder's time must be over, since nobody else tells the group so. */
async function standInLine(line: Line, { wait, ask, ours }: Turn): Promise<number | undefined> {
  const { place, key, token, ttlMs } = line
  let asking = false
  let failure: unknown
  let seenFence: number | undefined
  let seenUntil = 0
  let changedAt = performance.now()
  const look = (): number | undefined => {
    if (failure !== undefined) throw failure as Error
    const fence = ours()
    if (fence !== undefined) return fence
    const lease = leaseOf(place.leases(), key)
    if (lease?.fence !== seenFence || lease?.until !== seenUntil) {
      seenFence = lease?.fence
      seenUntil = lease?.until ?? 0
      changedAt = performance.now()
    }
    const holderMs = lease?.holder.ttlMs ?? 0
    if (!asking && performance.now() - changedAt >= holderMs) {
      asking = true
      changedAt = performance.now()
      void ask()
        .catch((error: unknown) => (failure = error))
        .finally(() => (asking = false))
    }
    return undefined
  }
  try {
    const fence = await waitFor(place, look, { ...wait, everyMs: Math.min(250, ttlMs / 2) })
    if (fence === undefined) await place.asks.cancel({ key, token })
    return fence
  } catch (error) {
    // Whoever gives up must not be given the name later; if this does not reach the group, its time runs out.
    void place.asks.cancel({ key, token }).outcome
    throw error
  }
}
