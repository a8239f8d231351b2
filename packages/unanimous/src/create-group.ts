/** Opens a group at this member: reads what it is told, and puts stay, host and door together. */
import type { Founding, MembershipPolicy, OpenStorage, Part } from '@unanimous/core'
import {
  defaultPolicy,
  keepsLog,
  memoryStorage,
  roomLengthMax,
  whyBadPolicy,
} from '@unanimous/core'
import { readArchiveFor } from './archive.ts'
import { admissionOf } from './admission.ts'
import { browserClock } from './browser-clock.ts'
import { browserHost } from './browser-host.ts'
import { randomHex } from './chance.ts'
import { BadOption } from './errors.ts'
import type { Group } from './group.ts'
import { findHook, hookedGroup } from './hook.ts'
import type { Host } from './host.ts'
import { MachineRunner } from './machine-runner.ts'
import type { Commands, Machine } from './machine.ts'
import type { StayPlan } from './open-stay.ts'
import { openStay } from './open-stay.ts'
import type { ReadyStay, Runner, Stay } from './stay.ts'
import { createFaults, createMeshFaults } from './tab-faults.ts'
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
   * A file that `admin.exportArchive` made, of a machine of the same name, in a version that this one carries: a new group is founded at once, whose first
   * state is what is in it. Nothing that exists is touched: where this browser is in a group of the room already, `OtherGroup`.
   */
  readonly archive?: Blob
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
  /**
   * STUN and TURN servers; none unless told. A function is asked at once, and again every ten minutes, for servers whose passwords
   * run out; `createGroup` rejects as its first answer does.
   */
  readonly ice?: RTCConfiguration | (() => Promise<RTCConfiguration>)
  /** IndexedDB unless told; `memoryStorage()` for a group that does not last. */
  readonly storage?: OpenStorage
  /** Bounds that an application may set; the others are in the documents. */
  readonly limits?: Limits
  /**
   * For development: checks the protocol's invariants after every step, and runs every command twice to find handlers that are
   * not deterministic; `group.inspect.faults` makes troubles on purpose. Costs time with every command. False unless told.
   */
  readonly dev?: boolean
  readonly abort?: AbortSignal
  /**
   * How much part this tab takes at most. `member`: as much as the group needs of it. `standby`: it keeps the log on its disk and
   * gets no vote; one that it has already it gives up as soon as another tab takes its place. `observer`: it holds the state in memory,
   * passes it on, and never votes. `client`: likewise, and passes nothing on. These two keep nothing on the disk. Only members found a
   * group: the others wait for one. `member` unless told; members beyond the voters and a few standbys observe by themselves.
   */
  readonly role?: Part
}

const nonceBytes = 16

/** What an application may bound. */
export interface Limits {
  /**
   * What the log may take beyond a stored state before the next state is stored, in bytes; every tab keeps at most twice as
   * much of it. 983,040 (960 KiB) unless told; 4096 at least.
   */
  readonly logBytes?: number
}

const logBytesMin = 4096

/**
 * Resolves as soon as this tab has its identity and its store; `status` tells how joining the group goes on from there.
 *
 * Rejects with `BadOption`, `BadInvite`, `BadArchive`, `InsecureOrigin`, `TooManyTabs`, `OtherGroup`, `StateNotSerializable`, `StorageError`, or the
 * reason of `abort`.
 *
 * @example
 * const group = await createGroup({ room: 'cinema-7', machine: seats, signal: 'ws://localhost:8787' })
 * await group.do.book('A1')
 * group.subscribe(() => render(group.state))
 */
export function createGroup<S, C extends Commands<S>>(
  given: GroupOptions<S, C>,
): Promise<Group<S, C>> {
  return openGroup(given, browserHost)
}

/**
 * As `createGroup`, at a host that is no page. `runner`: takes decided commands in place of the machine, which then only gives
 * the group its name.
 */
export async function openGroup<S, C extends Commands<S>>(
  given: GroupOptions<S, C>,
  host: Host,
  runner?: () => Runner<S, C>,
): Promise<Group<S, C>> {
  const hook = findHook()
  const asked: Partial<GroupOptions<S, C>> = hook?.role === undefined ? {} : { role: hook.role }
  const options: GroupOptions<S, C> = hook === undefined ? given : { ...given, ...asked, dev: true }
  const { machine, role = 'member', abort } = options
  abort?.throwIfAborted()
  const admission = admissionOf(options)
  const room = `${machine.name}/${options.room}`
  checkOptions(options, room)
  const ignored = new Map<string, number>()
  const faults = options.dev === true ? createMeshFaults() : undefined
  const isStored = keepsLog(role) || host.lasting
  const plan: StayPlan<S, C> = {
    ...{ host, room, faults, ice: options.ice, dev: options.dev ?? false },
    runner: runner ?? (() => new MachineRunner(machine, { twice: options.dev ?? false })),
    signal: signalUrls(options),
    ...{ role, isStored },
    openStorage: isStored ? (options.storage ?? host.openStorage) : memoryStorage(),
    membership: policyOf(options),
    logBytes: options.limits?.logBytes,
    refused: (reason) => ignored.set(reason, (ignored.get(reason) ?? 0) + 1),
  }
  const { wanted, secret = '' } = admission
  const founding = await foundingOf(options, room)
  const ready = await openStay(plan, { secret, wanted, beginning: 'as it is', founding })
  const group: TabGroup<S, C> = new TabGroup({
    ...{ ignored, clock: browserClock },
    invite: { room: options.room, machine: machine.name, signal: plan.signal },
    address: () => host.address(),
    stay: startUnlessAborted(ready, abort),
    reopen: ({ group: joined, secret: newest }, beginning) =>
      openStay(plan, { secret: newest, wanted: joined ?? wanted, beginning }),
    commandNames: Object.keys(machine.commands),
    machine: { name: machine.name, version: machine.version },
    policy: foundPolicy(options, wanted !== undefined),
    nonce: () => randomHex(nonceBytes),
    watchPage: (life) => host.watch(life),
    faults:
      faults && createFaults(faults, { now: () => browserClock.now(), wipe: () => group.erase() }),
    onProposed: (operation) => hook?.proposed(hooked, operation),
  })
  const hooked = hookedGroup(group)
  group.open()
  hook?.opened(hooked)
  abort?.addEventListener('abort', () => group.close(), { once: true })
  return group
}

function startUnlessAborted<S, C extends Commands<S>>(
  ready: ReadyStay<S, C>,
  abort: AbortSignal | undefined,
): Stay<S, C> {
  try {
    abort?.throwIfAborted()
    return ready.start()
  } catch (error) {
    ready.discard()
    throw error
  }
}

/** Who wants no vote founds nothing that nobody could decide in. */
function foundPolicy<S, C extends Commands<S>>(
  { found, role = 'member' }: GroupOptions<S, C>,
  isInvited: boolean,
): 'auto' | 'never' | 'always' {
  if (role !== 'member') return 'never'
  return found ?? (isInvited ? 'never' : 'auto')
}

/** What a new group begins with that is founded at once. */
async function foundingOf<S, C extends Commands<S>>(
  { archive, machine }: GroupOptions<S, C>,
  room: string,
): Promise<Founding | undefined> {
  if (archive === undefined) return undefined
  const held = await readArchiveFor(machine, archive)
  return { room, ...held, nonce: randomHex(nonceBytes), wall: browserClock.wall() }
}

function checkMayFound<S, C extends Commands<S>>(options: GroupOptions<S, C>): void {
  const { found, invite, role = 'member' } = options
  if (found !== 'never' && invite === undefined && role === 'member') return
  throw new BadOption(
    'A group is begun from an archive by a member that may found: without an invite, found: "never" or a role.',
  )
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
  const { logBytes } = options.limits ?? {}
  if (logBytes !== undefined && !(logBytes >= logBytesMin)) {
    throw new BadOption(`limits.logBytes is a number of bytes, ${logBytesMin} at least.`)
  }
  if (options.archive !== undefined) checkMayFound(options)
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
