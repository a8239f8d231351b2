/** Opens a stay of this member in a room: an identity, its store, the mesh and the replica, in that order. */
import type {
  Founding,
  GroupId,
  MembershipPolicy,
  OpenStorage,
  OpenedStore,
  Part,
  Problem,
  Storage,
} from '@unanimous/core'
import { foundStore, openStore, runReplica, wireVersion } from '@unanimous/core'
import type { MeshFaults } from '@unanimous/webrtc-transport'
import { createMesh } from '@unanimous/webrtc-transport'
import { keyOf, ringOf } from './admission.ts'
import { browserClock } from './browser-clock.ts'
import { randomBytes } from './chance.ts'
import { complain } from './complaint.ts'
import { InsecureOrigin, OtherGroup } from './errors.ts'
import type { Host } from './host.ts'
import type { IceOption, IceSource } from './ice-source.ts'
import { iceSourceOf } from './ice-source.ts'
import type { Slot } from './identity-slots.ts'
import type { Commands } from './machine.ts'
import type { Beginning, ReadyStay, Runner, Stay } from './stay.ts'
import { prepare } from './stay.ts'

/** What every stay of a member in a room has in common. */
export interface StayPlan<S, C extends Commands<S>> {
  readonly host: Host
  /** The whole name, as the server knows it. */
  readonly room: string
  /** How much part the member takes at most. */
  readonly role: Part
  /** It has an identity and a store that last. */
  readonly isStored: boolean
  /** The application's machine, at its beginning. */
  readonly runner: () => Runner<S, C>
  readonly signal: readonly string[]
  readonly ice: IceOption | undefined
  readonly openStorage: OpenStorage
  readonly membership: MembershipPolicy
  /** What the log may take beyond a stored state; as usual unless told. */
  readonly logBytes: number | undefined
  readonly dev: boolean
  readonly faults: MeshFaults | undefined
  /** Counts what peers sent and was refused, by reason. */
  readonly refused: (reason: string) => void
}

/** How a stay begins. */
export interface Entrance {
  /** The group's secret as it is known here; empty: the room is public. What the store knows is newer. */
  readonly secret: string
  /** Only this group is joined; undefined: whichever is in the room. */
  readonly wanted: GroupId | undefined
  readonly beginning: Beginning
  /** The group that the store founds at once; undefined: none. */
  readonly founding?: Founding | undefined
}

/** Rejects with TooManyTabs, InsecureOrigin, OtherGroup or StorageError. */
export async function openStay<S, C extends Commands<S>>(
  plan: StayPlan<S, C>,
  { secret, wanted, beginning, founding }: Entrance,
): Promise<ReadyStay<S, C>> {
  // Who keeps nothing needs no name that lasts.
  const slot = plan.isStored ? await plan.host.claim(plan.room) : passing(plan.room)
  try {
    const storage = await storageFor(plan, slot)
    if (founding !== undefined) await foundIn(storage, founding)
    const refounded = await prepare(storage, beginning)
    const store = await storeFor(storage, plan.host, wanted)
    const ice = await iceFor(plan, storage)
    const release = (): void => {
      ice.stop()
      slot.release()
    }
    const discard = (): void => void storage.close().then(release, release)
    const opened: Opened = { name: slot.name, release, store, wanted, secret, ice }
    return { start: () => startStay(plan, opened), discard, refounded }
  } catch (error) {
    slot.release()
    throw error
  }
}

const passing = (room: string): Slot => ({
  ...{ number: -1, name: `unanimous/${room}/passing`, release: () => undefined },
})

async function storageFor<S, C extends Commands<S>>(
  { openStorage }: StayPlan<S, C>,
  slot: Slot,
): Promise<Storage> {
  const storage = await openStorage(slot.name)
  if (slot.number >= 0 || storage.kind === 'memory') return storage
  await storage.close()
  throw new InsecureOrigin()
}

async function foundIn(storage: Storage, founding: Founding): Promise<void> {
  if (await foundStore(storage, randomBytes, founding)) return
  await storage.close()
  throw new OtherGroup()
}

async function storeFor(
  storage: Storage,
  { lastWords }: Host,
  wanted: GroupId | undefined,
): Promise<OpenedStore> {
  const store = await openStore(storage, randomBytes, lastWords)
  const stored = store.durable.group?.id
  if (wanted === undefined || stored === undefined || stored === wanted) return store
  await storage.close()
  throw new OtherGroup()
}

async function iceFor<S, C extends Commands<S>>(
  { ice, refused }: StayPlan<S, C>,
  storage: Storage,
): Promise<IceSource> {
  try {
    return await iceSourceOf(ice, browserClock, () => {
      refused('ice not renewed')
    })
  } catch (error) {
    await storage.close()
    throw error
  }
}

interface Opened {
  readonly name: string
  readonly release: () => void
  readonly ice: IceSource
  readonly store: OpenedStore
  readonly wanted: GroupId | undefined
  readonly secret: string
}

function startStay<S, C extends Commands<S>>(
  plan: StayPlan<S, C>,
  { name, release, store, wanted, secret, ice }: Opened,
): Stay<S, C> {
  const { host, room, signal, faults, refused, dev, membership, logBytes } = plan
  const mesh = createMesh({
    keys: store.keys,
    groupKey: keyOf({ secret: secret === '' ? undefined : secret }, room),
    ...{ room, signal, wireVersion, ...host.platform },
    ice: ice.newest,
    ...(faults === undefined ? {} : { faults }),
    report: (problem) => refused(problem.type),
    // A dead tab's socket closes long before its channel tells anything.
    suspect: (peer) => void replica.suspect(peer),
    onSecret: (_, told) => {
      const before = secrets.known
      secrets.hear(told)
      if (secrets.known !== before) rekey()
    },
  })
  const runner = plan.runner()
  const replica = runReplica({
    ...{ store, transport: mesh, clock: browserClock, machine: runner, room, wanted, membership },
    profile: host.profile(),
    report: (problem) => refused(wordProblem(problem)),
    ...{ watchInvariants: dev, logBytes, role: plan.role, groupSecret: secret },
  })
  const { secrets } = replica
  const rekey = (): void =>
    mesh.rekey(ringOf({ known: secrets.known, mayTell: (peer) => secrets.mayTell(peer) }, room))
  rekey()
  replica.subscribe(({ type }) => {
    if (type === 'rotated') rekey()
  })
  const { storage } = store
  const erase = host.eraser(storage.kind, name)
  return { replica, runner, mesh, storage, store: name, release, ...(erase && { erase }) }
}

function wordProblem(problem: Problem): string {
  switch (problem.type) {
    case 'badFrame':
      return `frame ${problem.why}`
    case 'ignored':
      return `${problem.message} ${problem.reason}`
    case 'inboxFull':
      return 'inbox full'
    case 'listenerThrew':
      complain(problem.error)
      return 'listener threw'
  }
}
