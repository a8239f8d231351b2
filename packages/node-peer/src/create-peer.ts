/** Opens a member of a group in this process: reads the invite, and puts the group on Node's own ground. */
import type { MembershipPolicy } from '@unanimous/core'
import { alwaysOnProfile, noLastWords } from '@unanimous/core'
import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import type { Commands, Group, GroupOptions, Machine } from 'unanimous'
import { BadOption } from 'unanimous'
import type { Host, Invitation, Runner } from 'unanimous/hosting'
import { memberClock, openGroup, readInvite, watchSleep } from 'unanimous/hosting'
import { BadMachine } from './errors.ts'
import type { NoCommands } from './keeper.ts'
import { keeper, namelyMachine } from './keeper.ts'
import { deleteLevelStorage, levelStorage } from './level-storage.ts'
import { nodePlatform } from './node-platform.ts'
import type { PeerRole } from './peer-role.ts'
import { partOfRole } from './peer-role.ts'

/** What `createPeer` needs to know; only the invite and the folder must be given. */
export interface PeerOptions {
  /** A link from `group.invite`. */
  readonly invite: string | URL
  /** The folder that is this member's disk; it is made if there is none. One process a folder, one group a folder. */
  readonly data: string
  /**
   * `voter`: a member like a tab, whom the group rather gives a vote than a tab; unless told. `standby`: it keeps everything and gets no vote; one that
   * it has it gives up as soon as another member takes its place. `observer`: it feeds others and passes on, from memory; the folder
   * holds who it is, and what it once held as more than that.
   */
  readonly role?: PeerRole
  /** Rendezvous servers, `ws:` or `wss:`; those that the invite names unless told. */
  readonly signal?: string | readonly string[]
  /** STUN and TURN servers; none unless told. */
  readonly ice?: RTCConfiguration
  /** As in `createGroup`: the same as what the tabs are told. A peer leaves its votes to nobody unless told. */
  readonly membership?: Partial<MembershipPolicy>
  /** Bounds that an application may set. */
  readonly limits?: GroupOptions<undefined, NoCommands>['limits']
  readonly abort?: AbortSignal
}

/** A member that is always on. */
export interface Peer<S, C extends Commands<S>> {
  /** The same door that a tab has; without a machine it has no commands, and its state is undefined. */
  readonly group: Group<S, C>
  /** Resolves when the store is closed, by `close`, by `group.close()`, or since something ended the member. */
  readonly ended: Promise<void>
  /** Says good-bye, keeps votes and log on the disk, and resolves when the folder is free for the next process. */
  close(): Promise<void>
}

/** What was said last is on its way out of the process for so long. */
const lastWordsMs = 250

/**
 * Joins the group that the invite is for. Resolves as soon as the store is open; `group.status` tells how joining goes on.
 *
 * With the application's machine the peer runs the commands: it has `group.state`, proposes, and makes snapshots. Without, it
 * stores what is decided and votes, and keeps the snapshots that others make.
 *
 * Rejects with `BadInvite`, `BadOption`, `BadMachine`, `FolderInUse`, `OtherGroup`, `StorageError`, or the reason of `abort`.
 * WebRTC keeps the process alive: end it with `process.exit()` after `close`.
 *
 * @example
 * const peer = await createPeer({ invite: process.env.INVITE, data: './data', machine: seats })
 * console.log(peer.group.state)
 */
export function createPeer<S, C extends Commands<S>>(
  options: PeerOptions & { readonly machine: Machine<S, C> },
): Promise<Peer<S, C>>
export function createPeer(options: PeerOptions): Promise<Peer<undefined, NoCommands>>
export async function createPeer<S, C extends Commands<S>>(
  options: PeerOptions & { readonly machine?: Machine<S, C> },
): Promise<Peer<S, C> | Peer<undefined, NoCommands>> {
  const invitation = readInvite(options.invite)
  const { machine } = options
  if (machine === undefined) {
    return openPeer(options, { invitation, machine: namelyMachine(nameIn(invitation)) }, keeper)
  }
  if (invitation.machine !== undefined && invitation.machine !== machine.name) {
    throw new BadMachine(
      `The invite is for the machine ${invitation.machine}, and this one is ${machine.name}. Give the one that the tabs run.`,
    )
  }
  return openPeer(options, { invitation, machine })
}

function nameIn({ machine }: Invitation): string {
  if (machine !== undefined) return machine
  throw new BadMachine(
    'This invite does not say which machine its group runs: take a new one, or give the machine.',
  )
}

interface Joined<S, C extends Commands<S>> {
  readonly invitation: Invitation
  readonly machine: Machine<S, C>
}

async function openPeer<S, C extends Commands<S>>(
  options: PeerOptions,
  { invitation, machine }: Joined<S, C>,
  runner?: () => Runner<S, C>,
): Promise<Peer<S, C>> {
  const { invite, data, ice, membership, limits, abort, role = 'voter' } = options
  const { room } = invitation
  const signal = options.signal ?? invitation.signal
  if (signal.length === 0) {
    throw new BadOption(
      'This invite names no signaling server: take a new one, or say which server its page uses.',
    )
  }
  let release = (): void => undefined
  const ended = new Promise<void>((resolve) => {
    release = resolve
  })
  const host = nodeHost({ folder: resolve(data), invite: String(invite), release })
  const group = await openGroup<S, C>(
    {
      ...{ room, machine, signal, invite },
      role: partOfRole(role),
      membership: { bequest: 'off', ...membership },
      ...(ice === undefined ? {} : { ice }),
      ...(limits === undefined ? {} : { limits }),
      ...(abort === undefined ? {} : { abort }),
    },
    host,
    runner,
  )
  return {
    group,
    ended,
    async close() {
      group.close()
      await ended
      await new Promise((resolve) => setTimeout(resolve, lastWordsMs))
    },
  }
}

interface HostParts {
  readonly folder: string
  readonly invite: string
  /** The store is closed. */
  readonly release: () => void
}

/** The folder's own lock is what guards the identity: two processes never have it open. */
const nodeHost = ({ folder, invite, release }: HostParts): Host => ({
  claim: () => Promise.resolve({ number: 0, name: folder, release }),
  lasting: true,
  openStorage: levelStorage,
  // Losing a note is safe, and this member leaves its votes to nobody unless told.
  lastWords: noLastWords,
  profile: machineProfile,
  eraser: (kind, name) => (kind === 'leveldb' ? () => deleteLevelStorage(name) : undefined),
  platform: nodePlatform,
  address: () => invite,
  watch: (life) => watchSleep(memberClock, () => life.onWake()),
})

/** Peers of one machine lose their disks and their power together. */
const machineProfile = (): string =>
  alwaysOnProfile(createHash('sha256').update(`unanimous machine ${hostname()}`).digest('hex'))
