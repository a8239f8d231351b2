/** Looks whether what a person asks for may be done, and does it. Knows the rules, not the stay. */
import type { Act, Answer, Refounded, Replica, ReplicaStatus } from '@unanimous/core'
import { untilAborted } from './abort.ts'
import type { Admin, AdminOptions } from './admin.ts'
import type { ArchivedState } from './archive.ts'
import { writeArchive } from './archive.ts'
import type { NotGrantedReason } from './errors.ts'
import { NotGranted, NotRecovered, NotStored } from './errors.ts'
import type { MemberId } from './machine.ts'

export interface AdminParts {
  /** Undefined: this tab takes no part now. */
  readonly replica: () => AdminReplica | undefined
  /** Of the machine: its name and its version. */
  readonly machine: ArchivedState['machine']
  /** Undefined: it could not be done. */
  readonly beginAnew: () => Promise<Refounded | undefined>
}

type AdminReplica = Pick<
  Replica<unknown>,
  'id' | 'requests' | 'status' | 'read' | 'secrets' | 'subscribe'
>

/** An answer that does not come in this time will not: a change takes a few rounds, and a leader that is lost is followed by another. */
const askMsMax = 15_000
const storeMsMax = 10_000

export function createAdmin({ replica, machine, beginAnew }: AdminParts): Admin {
  const ask = (act: Act, about: MemberId, options?: AdminOptions): Promise<void> =>
    askGroup(replica(), { act, about }, options)
  const summed = (options?: AdminOptions): ReturnType<typeof summarize> =>
    summarize(replica(), options)
  return {
    async transferLeadership(to, options) {
      const leader = replica()?.status().leader
      if (to !== undefined) return ask('lead', to, options)
      if (leader === undefined)
        throw new NotGranted(replica() === undefined ? 'closed' : 'no-answer')
      return ask('yield', leader, options)
    },
    promote: (id, options) => ask('promote', id, options),
    demote: (id, options) => ask('demote', id, options),
    remove: (id, options) => ask('remove', id, options),
    rotate: (options) => rotate(replica(), options),
    readmit: (id, options) => ask('readmit', id, options),
    async snapshot(options) {
      const { head } = (await summed(options)).snapshot
      return { index: head.end, bytes: head.stateBytes }
    },
    async exportArchive(options) {
      const { group, epoch, snapshot } = await summed(options)
      const { state: saved, head } = snapshot
      const version = head.machine?.version ?? machine.version
      const made = { name: machine.name, version }
      return writeArchive({ machine: made, group, epoch, index: head.end, saved, at: new Date() })
    },
    async recover() {
      const refusal = whyNotRecover(replica()?.status())
      if (refusal !== undefined) throw refusal
      const refounded = await beginAnew()
      if (refounded === undefined) throw new NotRecovered('store')
      return refounded
    },
  }
}

interface Asked {
  readonly act: Act
  readonly about: MemberId
  /** With `rotate`: how often the group had done it before. */
  readonly rotations?: number
}

async function rotate(
  replica: AdminReplica | undefined,
  options: AdminOptions = {},
): Promise<void> {
  const { abort } = options
  abort?.throwIfAborted()
  if (replica === undefined) throw new NotGranted('closed')
  const { id, status } = { id: replica.id, status: replica.status() }
  if (status.group === undefined) throw new NotGranted('no-group')
  if (status.shutOut.includes(id)) throw new NotGranted('removed', id)
  // Another rotation that this tab has not heard of would be taken for this one.
  const read = replica.read('linearizable', askMsMax)
  await untilAborted(read.done, abort)
  read.cancel()
  abort?.throwIfAborted()
  if (!(await read.done).ok) throw new NotGranted('no-answer')
  const { rotations } = replica.status()
  await askGroup(replica, { act: 'rotate', about: id, rotations }, options)
  if (!(await goesBeyond(replica, rotations, abort))) throw new NotGranted('no-answer')
}

/** Whether this tab itself came to a later secret, before anybody lost patience. */
async function goesBeyond(
  replica: AdminReplica,
  rotations: number,
  abort: AbortSignal | undefined,
): Promise<boolean> {
  const isBeyond = (): boolean => replica.secrets.known.current.number > rotations
  let stop = (): void => undefined
  const beyond = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, askMsMax)
    const unsubscribe = replica.subscribe(() => {
      if (isBeyond()) resolve()
    })
    stop = (): void => {
      clearTimeout(timer)
      unsubscribe()
    }
    if (isBeyond()) resolve()
  })
  await untilAborted(beyond, abort).finally(() => stop())
  abort?.throwIfAborted()
  return isBeyond()
}

async function askGroup(
  replica: AdminReplica | undefined,
  { act, about, rotations }: Asked,
  { abort }: AdminOptions = {},
): Promise<void> {
  abort?.throwIfAborted()
  if (replica === undefined) throw new NotGranted('closed')
  if (replica.status().group === undefined) throw new NotGranted('no-group')
  const isWanted = (): boolean => abort?.aborted !== true
  const patience = { timeoutMs: askMsMax, isWanted }
  const answer = await replica.requests.ask(act, about, patience, rotations)
  if (answer === 'done') return
  abort?.throwIfAborted()
  throw new NotGranted(answer === undefined ? 'no-answer' : reasons[answer], about)
}

const reasons: Readonly<Record<Exclude<Answer, 'done'>, NotGrantedReason>> = {
  unknown: 'unknown-member',
  notVoter: 'not-a-voter',
  notReady: 'not-ready',
  removed: 'removed',
  notReached: 'out-of-reach',
  hidden: 'hidden',
  nobody: 'nobody',
  lastVoter: 'last-voter',
  tooFew: 'too-few',
  standsBy: 'stands-by',
}

async function summarize(
  replica: AdminReplica | undefined,
  { abort }: AdminOptions = {},
): Promise<{
  readonly group: string
  readonly epoch: number
  readonly snapshot: NonNullable<Awaited<ReturnType<AdminReplica['requests']['summarize']>>>
}> {
  abort?.throwIfAborted()
  if (replica === undefined) throw new NotStored('closed')
  const { group, epoch, decidedEnd } = replica.status()
  if (group === undefined || decidedEnd === 0) throw new NotStored('no-group')
  const isWanted = (): boolean => abort?.aborted !== true
  const snapshot = await replica.requests.summarize({ timeoutMs: storeMsMax, isWanted })
  if (snapshot !== undefined) return { group, epoch, snapshot }
  abort?.throwIfAborted()
  throw new NotStored('state')
}

function whyNotRecover(status: ReplicaStatus | undefined): NotRecovered | undefined {
  if (status === undefined) return new NotRecovered('closed')
  const { phase, votersReached, votersNeeded, betterCopy } = status
  if (phase === 'joining' || phase === 'catchingUp') return new NotRecovered('no-group')
  if (phase === 'ready' || votersReached >= votersNeeded) return new NotRecovered('majority')
  return betterCopy === undefined ? undefined : new NotRecovered('better-copy', betterCopy)
}
