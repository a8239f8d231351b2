/** Opens a group in this tab: an identity, its store, the mesh and the replica, in that order. */
import type { MembershipPolicy, OpenStorage, Problem } from '@unanimous/core'
import {
  defaultPolicy,
  openStore,
  roomLengthMax,
  runReplica,
  whyBadPolicy,
  wireVersion,
} from '@unanimous/core'
import { indexeddbStorage } from '@unanimous/core/indexeddb'
import { createMesh } from '@unanimous/webrtc-transport'
import type { Admission } from './admission.ts'
import { admissionOf, keyOf } from './admission.ts'
import { browserClock } from './browser-clock.ts'
import { complain } from './complaint.ts'
import { BadOption, InsecureOrigin, OtherGroup } from './errors.ts'
import type { Group } from './group.ts'
import type { Slot } from './identity-slots.ts'
import { findHook, hookedGroup } from './hook.ts'
import { claimSlot } from './identity-slots.ts'
import { MachineRunner } from './machine-runner.ts'
import type { Commands, Machine } from './machine.ts'
import { lastWordsIn } from './last-words.ts'
import { profileOf } from './profile.ts'
import { createFaults, createMeshFaults } from './tab-faults.ts'
import type { PageLife } from './page-life.ts'
import { watchPage } from './page-life.ts'
import { TabGroup } from './tab-group.ts'

/** What `createGroup` needs to know; only room, machine and signal must be given. */
export interface GroupOptions<S, C extends Commands<S>> {
  /** 1 to 96 characters without control characters. Tabs of one room find each other. */
  readonly room: string
  readonly machine: Machine<S, C>
  /** Rendezvous servers, `ws:` or `wss:`; several are tried together, the first that answers decides who came first. */
  readonly signal: string | readonly string[]
  /**
   * `auto`: found a group if this tab is the first in an empty room. `never`: wait for a member. `always`: found at once.
   * `auto` unless an invite is given, which implies `never`.
   */
  readonly found?: 'auto' | 'never' | 'always'
  /**
   * What the members share, 1 to 256 characters: without it nobody gets a link or can read what is said on the way to one.
   * `drawSecret()` makes a good one. Without it, and without an invite that carries it, the room is public: whoever knows
   * its name is let in.
   */
  readonly secret?: string
  /** A link from `group.invite`: only that group is joined, with the secret that the link carries. */
  readonly invite?: string | URL
  /** How the group looks after its voters. Every tab should be told the same: the leader's word counts. */
  readonly membership?: Partial<MembershipPolicy>
  /** STUN and TURN servers; none unless told. */
  readonly ice?: RTCConfiguration
  /** IndexedDB unless told; `memoryStorage()` for a group that does not last. */
  readonly storage?: OpenStorage
  /**
   * For development: checks the protocol's invariants after every step, and runs every command twice to find handlers that are
   * not deterministic; `group.inspect.faults` makes troubles on purpose. Costs time with every command. False unless told.
   */
  readonly dev?: boolean
  readonly abort?: AbortSignal
}

const slotGraceMs = 1000
/** Of a nonce or the name of a profile. */
const idBytes = 16

/**
 * Resolves as soon as this tab has its identity and its store; `status` tells how joining the group goes on from there.
 *
 * Rejects with `BadOption`, `BadInvite`, `InsecureOrigin`, `TooManyTabs`, `OtherGroup`, `StorageError`, or the reason of
 * `abort`.
 *
 * @example
 * const group = await createGroup({ room: 'cinema-7', machine: seats, signal: 'ws://localhost:8787' })
 * await group.do.book('A1')
 * group.subscribe(() => render(group.state))
 */
export async function createGroup<S, C extends Commands<S>>(
  given: GroupOptions<S, C>,
): Promise<Group<S, C>> {
  const hook = findHook()
  const options: GroupOptions<S, C> = hook === undefined ? given : { ...given, dev: true }
  const { machine, abort } = options
  abort?.throwIfAborted()
  const admission = admissionOf(options)
  const room = `${machine.name}/${options.room}`
  checkOptions(options, room)
  const slot = await identityFor(room)
  try {
    const { replica, parts } = await assemble(options, { room, slot, admission })
    abort?.throwIfAborted()
    const group = new TabGroup({
      ...parts,
      replica,
      onProposed: (operation) => hook?.proposed(hooked, operation),
    })
    const hooked = hookedGroup(group, slot.name)
    group.open()
    hook?.opened(hooked)
    abort?.addEventListener('abort', () => group.close(), { once: true })
    return group
  } catch (error) {
    slot.release()
    throw error
  }
}

const isPrintable = (text: string): boolean =>
  text.length > 0 && Array.from(text).every((sign) => sign >= ' ' && sign !== '\u007f')

function checkOptions<S, C extends Commands<S>>(options: GroupOptions<S, C>, room: string): void {
  if (!isPrintable(options.room) || room.length > roomLengthMax) {
    throw new BadOption(
      `A room’s name has 1 to ${roomLengthMax - options.machine.name.length - 1} characters and no control characters.`,
    )
  }
  for (const url of signalUrls(options)) {
    if (!/^wss?:\/\//.test(url))
      throw new BadOption(`${url} is no signaling server: it must begin with ws: or wss:.`)
  }
  const badPolicy = whyBadPolicy(policyOf(options))
  if (badPolicy !== undefined) throw new BadOption(badPolicy)
}

const policyOf = <S, C extends Commands<S>>({
  membership,
}: GroupOptions<S, C>): MembershipPolicy => ({
  ...defaultPolicy,
  ...membership,
})

const signalUrls = <S, C extends Commands<S>>({ signal }: GroupOptions<S, C>): readonly string[] =>
  typeof signal === 'string' ? [signal] : signal

/** Where there are no locks, nothing keeps two tabs from using one identity: only a store of this page's own will do. */
async function identityFor(room: string): Promise<Slot> {
  // Absent on origins that are not secure, whatever the types say.
  const { locks } = navigator as { readonly locks?: LockManager }
  if (locks === undefined) {
    return { number: -1, name: `unanimous/${room}/unlocked`, release: () => undefined }
  }
  return claimSlot({
    locks,
    memory: sessionStorage,
    room,
    graceMs: slotGraceMs,
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  })
}

const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))

const randomHex = (length: number): string =>
  [...randomBytes(length)].map((byte) => byte.toString(16).padStart(2, '0')).join('')

interface Place {
  readonly room: string
  readonly slot: Slot
  readonly admission: Admission
}

async function assemble<S, C extends Commands<S>>(
  options: GroupOptions<S, C>,
  { room, slot, admission }: Place,
) {
  const storage = await (options.storage ?? indexeddbStorage)(slot.name)
  if (slot.number < 0 && storage.kind !== 'memory') {
    await storage.close()
    throw new InsecureOrigin()
  }
  const store = await openStore(
    storage,
    randomBytes,
    lastWordsIn(() => localStorage),
  )
  const stored = store.durable.group?.id
  const { wanted, secret } = admission
  if (wanted !== undefined && stored !== undefined && stored !== wanted) {
    await storage.close()
    throw new OtherGroup()
  }
  const ignored = new Map<string, number>()
  const faults = options.dev === true ? createMeshFaults() : undefined
  const mesh = createMesh({
    keys: store.keys,
    groupKey: keyOf(admission, room),
    room,
    signal: signalUrls(options),
    wireVersion,
    ...(options.ice === undefined ? {} : { ice: options.ice }),
    ...(faults === undefined ? {} : { faults }),
    report: (problem) => count(ignored, problem.type),
    // A dead tab's socket closes long before its channel tells anything.
    suspect: (peer) => void replica.suspect(peer),
  })
  const runner = new MachineRunner(options.machine, { twice: options.dev ?? false })
  const replica = runReplica({
    store,
    transport: mesh,
    clock: browserClock,
    machine: runner,
    room,
    wanted,
    membership: policyOf(options),
    profile: profileOf(
      () => localStorage,
      () => randomHex(idBytes),
    ),
    report: (problem) => count(ignored, wordProblem(problem)),
    watchInvariants: options.dev ?? false,
  })
  const parts = {
    runner,
    commandNames: Object.keys(options.machine.commands),
    mesh,
    storage,
    room: options.room,
    secret,
    policy: options.found ?? (wanted === undefined ? 'auto' : 'never'),
    nonce: () => randomHex(idBytes),
    clock: browserClock,
    watchPage: (life: PageLife) => watchPage(life, browserClock),
    ignored,
    faults: faults && createFaults(faults, () => browserClock.now()),
    release: slot.release,
  } as const
  return { replica, parts }
}

const count = (counts: Map<string, number>, reason: string): void => {
  counts.set(reason, (counts.get(reason) ?? 0) + 1)
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
