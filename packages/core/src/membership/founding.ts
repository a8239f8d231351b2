/** How a store comes to be in a group: it founds one, or a member's welcome names one (protocol.md section 1). */
import { assert } from '../base/assert.ts'
import type { Effects } from '../protocol/effects.ts'
import type { Entry, GenesisEntry } from '../protocol/entry.ts'
import { groupIdOf } from '../protocol/genesis.ts'
import type { GroupId, GroupName, Index, WallMillis } from '../protocol/ids.ts'
import { firstEpoch } from '../protocol/ids.ts'
import { appendToLog, logEnd } from '../protocol/log.ts'
import type { Welcome } from '../protocol/message.ts'
import type { Refounding } from '../protocol/copy.ts'
import type { ProtocolState } from '../protocol/state.ts'

export interface Group extends GroupName {
  readonly genesis: GenesisEntry
  /** How the epoch came to be; undefined for the founder's. */
  readonly refounding: Refounding | undefined
}

/** A log that begins at the beginning begins with the group's genesis. */
export function isOfGroup(
  { from, entries }: { readonly from: Index; readonly entries: readonly Entry[] },
  group: Group | undefined,
): boolean {
  const first = entries[0]
  if (from > 0 || first === undefined) return true
  return first.kind === 'genesis' && groupIdOf(first) === group?.id
}

export interface Founding {
  readonly room: string
  /** 32 hex digits of chance. */
  readonly nonce: string
  readonly wall: WallMillis
}

function join(group: Group, out: Effects): Group {
  const { id, epoch, genesis, refounding } = group
  out.persist.push({ type: 'join', group: id, epoch, genesis, refounding })
  out.notify.push({ type: 'joined', group: id })
  return group
}

/** The founder decides index 0 alone: it is the whole first configuration. */
export function found(state: ProtocolState, founding: Founding, out: Effects): Group {
  assert(logEnd(state.log) === 0, 'only an empty store founds')
  const ballot = { num: 1, node: state.self }
  const { room, nonce, wall: stamp } = founding
  const genesis: GenesisEntry = {
    kind: 'genesis',
    ballot,
    stamp,
    room,
    founder: state.self,
    nonce,
  }
  const id = groupIdOf(genesis)
  const group = join({ id, epoch: firstEpoch, genesis, refounding: undefined }, out)
  state.promised = ballot
  state.accepted = ballot
  state.highestSeen = ballot
  appendToLog(state.log, [genesis])
  state.decidedEnd = 1 as Index
  state.decidedStored = 1 as Index
  out.persist.push({ type: 'promise', ballot })
  out.persist.push({
    type: 'splice',
    from: 0 as Index,
    entries: [genesis],
    accepted: ballot,
    decidedEnd: state.decidedEnd,
  })
  out.apply.push({ index: 0 as Index, entry: genesis, repeat: false })
  return group
}

export interface Wanted {
  readonly room: string
  /** The one group that this store may join; undefined: whichever is in the room. */
  readonly group: GroupId | undefined
}

/** A newcomer checks that the welcome is what it claims to be. The reason why not, or the group. */
export function joinByWelcome(
  wanted: Wanted,
  { id, epoch }: GroupName,
  { genesis, refounding }: Welcome,
  out: Effects,
): Group | string {
  if (genesis.room !== wanted.room) return 'otherRoom'
  if (groupIdOf(genesis) !== id) return 'wrongGenesis'
  if (wanted.group !== undefined && wanted.group !== id) return 'otherGroup'
  return join({ id, epoch, genesis, refounding }, out)
}
