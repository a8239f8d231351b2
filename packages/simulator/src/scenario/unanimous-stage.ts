/** A scenario's stage on the world of tabs, with the core of the product in them. */
import type {
  Ballot,
  ConfigEntry,
  Durable,
  GenesisEntry,
  Incarnation,
  Index,
  ReplicaId,
} from '@unanimous/core/internal'
import { firstEpoch, groupIdOf, ownVote, sameBallot, wallMillis } from '@unanimous/core/internal'
import { proposalKey } from '../agreement.ts'
import type { Tab } from '../tab.ts'
import { demand } from '../violation.ts'
import type { Watcher } from '../watcher.ts'
import { World } from '../world.ts'
import type { Glimpse, Passing } from './film.ts'
import { tailOf } from './film.ts'
import type { Role, Scenario } from './scenario.ts'
import { namesOf } from './scenario.ts'
import type { Listener, Stage, Watching } from './stage.ts'
import { worldOptionsOf } from './stage.ts'

const prepareMs = 60_000
const wallBegin = 1_700_000_000_000

interface Copy {
  readonly durable: Durable
  readonly incarnation: Incarnation
}

export function unanimousStage(
  scenario: Scenario,
  seed: number,
  listener: Listener,
  { relays }: { readonly relays: boolean },
): Stage {
  const voters = namesOf(scenario.places, 'voter')
  const names = new Map<ReplicaId, string>()
  const watcher = watcherOf(listener, names)
  const world = new World(
    { ...worldOptionsOf(scenario, seed, scenario.pinned ? 0 : voters.length), relays },
    watcher,
  )
  const tabs = new Map<string, Tab>()
  const copies = new Map<string, Copy>()
  const add = (name: string, as: string): Tab => {
    const tab = world.addTab(as)
    tabs.set(name, tab)
    names.set(tab.id, as)
    return tab
  }
  for (const { name, role } of scenario.places) {
    if (role !== 'hub') takePart(add(name, name), role)
  }
  return {
    agenda: world.agenda,
    wires: world.network,
    participants: tabs,
    setNoisy: (noisy) => {
      world.network.noisy = noisy
    },
    prepare: () => {
      world.network.noisy = false
      formGroup(voters.map((name) => tabOf(tabs, name)))
      elect(world, tabs, scenario.lead)
    },
    wipe: (name) => {
      tabOf(tabs, name).crash()
      const times = [...world.tabs.keys()].filter((each) => each.split('#')[0] === name).length
      takePart(add(name, `${name}#${times + 1}`), roleOf(scenario, name))
    },
    remember: () => {
      for (const [name, { id, disk }] of tabs) {
        copies.set(name, { durable: disk.read(id), incarnation: disk.incarnation })
      }
    },
    rollBack: (name) => {
      const copy = copies.get(name)
      const tab = tabOf(tabs, name)
      tab.crash()
      if (copy !== undefined) tab.disk.restore(copy.durable, copy.incarnation)
    },
    duplicate: (elder) => {
      const name = `${elder}_${world.tabs.size}`
      const tab = add(name, name)
      takePart(tab, roleOf(scenario, elder))
      tab.open()
      return name
    },
    nameOf: (vote) => names.get(vote as ReplicaId) ?? vote.slice(0, 4),
    decided: () => world.agreement.length,
    watching: () => world.open().flatMap((tab) => watchingOf(tab, names)),
    glimpses: () => [...world.tabs.values()].map((tab) => glimpseOf(tab, names)),
    watchFrames: (told) => watchFrames(world, told),
  }
}

function watchFrames({ network }: World, told: (passing: Passing) => void): void {
  network.tap = (from, to, parcel, way) => {
    if (parcel instanceof Uint8Array) {
      return told({ from, to, kind: 'bytes', isOnward: false, ...way })
    }
    const { message } = parcel
    const isOnward = message.type === 'relayed' && message.at > 1
    return told({ from, to, kind: message.type, isOnward, ...way })
  }
}

function glimpseOf(tab: Tab, names: ReadonlyMap<ReplicaId, string>): Glimpse {
  const { name, id, disk, state, isFrozen, isHidden } = tab
  const status = tab.status()
  const phase = state?.protocol.role.phase
  const leader = status?.leader
  return {
    name,
    doing: !tab.isOpen
      ? 'closed'
      : isFrozen
        ? 'frozen'
        : phase === 'leading'
          ? 'leads'
          : phase === 'follower'
            ? 'follows'
            : 'asks',
    isHidden,
    ballot: (status?.ballot ?? disk.promised).num,
    follows: leader === undefined || leader === id ? undefined : names.get(leader),
    logEnd: disk.logEnd,
    decidedEnd: status?.decidedEnd ?? disk.decidedEnd,
    tail: tailOf(disk.entries),
  }
}

/** How many others a tab that watches turns to before it knows anybody. */
const firstOthers = 2

/** Who is to watch never asks for more. */
function takePart(tab: Tab, role: Role): void {
  if (role !== 'observer' && role !== 'client') return
  tab.role = role
  tab.firstLinks = { to: [], others: firstOthers, except: [] }
}

const roleOf = ({ places }: Scenario, name: string): Role =>
  places.find((place) => place.name === name)?.role ?? 'voter'

function watchingOf(
  { name, state, isFrozen }: Tab,
  names: ReadonlyMap<ReplicaId, string>,
): readonly Watching[] {
  if (state?.protocol.observing === undefined || isFrozen) return []
  const { feeder } = state.tree
  const { decidedEnd } = state.protocol
  return [{ name, decidedEnd, feeder: feeder === undefined ? undefined : names.get(feeder) }]
}

function tabOf(tabs: ReadonlyMap<string, Tab>, name: string): Tab {
  const tab = tabs.get(name)
  demand(tab !== undefined, 'world', () => `nobody is called ${name}`)
  return tab
}

/** Every voter's disk holds a founded group whose first decided change makes them all voters. */
function formGroup(voters: readonly Tab[]): void {
  const [founder] = voters
  if (founder === undefined) return
  const ballot: Ballot = { num: 1, node: founder.id }
  const stamp = wallMillis(wallBegin)
  const genesis: GenesisEntry = {
    kind: 'genesis',
    ballot,
    stamp,
    room: founder.room,
    founder: founder.id,
    nonce: '0'.repeat(32),
  }
  const votes = voters.map(({ id }) => ownVote(id)).sort()
  const joins = Object.fromEntries(
    votes.map((vote) => [vote, vote === ownVote(founder.id) ? 0 : 1]),
  )
  const config: ConfigEntry = {
    kind: 'config',
    ballot,
    stamp,
    voters: votes,
    joins: joins as Record<string, Index>,
  }
  const group = groupIdOf(genesis)
  for (const { disk } of voters) {
    disk.commit([
      { type: 'join', group, epoch: firstEpoch, genesis, refounding: undefined },
      { type: 'promise', ballot },
      {
        type: 'splice',
        from: 0 as Index,
        entries: [genesis, config],
        accepted: ballot,
        decidedEnd: 2 as Index,
      },
    ])
  }
}

/** Who should lead is the only one that is visible, until it leads. */
function elect(world: World, tabs: ReadonlyMap<string, Tab>, lead: string | undefined): void {
  for (const [name, tab] of tabs) {
    tab.open()
    tab.hide(lead !== undefined && name !== lead)
  }
  const settled = (): boolean => whyNotSettled(world, tabs, lead) === undefined
  const elected = world.runUntil(settled, prepareMs, 50)
  for (const tab of tabs.values()) tab.hide(false)
  world.run(2000)
  const stayed = world.runUntil(settled, prepareMs, 50)
  demand(
    elected !== undefined && stayed !== undefined,
    'setUp',
    () => whyNotSettled(world, tabs, lead) ?? 'nobody came to lead in time',
  )
}

function whyNotSettled(
  world: World,
  tabs: ReadonlyMap<string, Tab>,
  lead: string | undefined,
): string | undefined {
  const leaders = world.leaders()
  const [leader] = leaders
  if (leader === undefined || leaders.length !== 1) return `${leaders.length} lead`
  if (lead !== undefined && leader !== tabs.get(lead)) return `${leader.name} leads, not ${lead}`
  const waiting = world.open().find((tab) => {
    const state = tab.state
    return (
      !state?.election.happy ||
      !sameBallot(state.protocol.accepted, leader.status()?.ballot ?? state.protocol.accepted)
    )
  })
  return waiting === undefined ? undefined : `${waiting.name} does not follow ${leader.name}`
}

/** What tabs do, in the words of a listener. */
function watcherOf(listener: Listener, names: ReadonlyMap<ReplicaId, string>): Watcher {
  /** What each tab stood for last: a leadership that it holds, or one that it asks for. */
  const stands = new Map<
    string,
    { readonly phase: string; readonly ballot: Ballot; led: boolean }
  >()
  const look = (tab: Tab): void => {
    const role = tab.state?.protocol.role
    if (role === undefined) return
    const before = stands.get(tab.name)
    const who = tab.name
    if (role.phase === 'follower') {
      if (before === undefined) return
      stands.delete(tab.name)
      if (before.led) listener.yields(who)
      return
    }
    const { phase, ballot } = role
    if (before?.phase === phase && sameBallot(before.ballot, ballot)) return
    // A leader that prepares anew, above a straggler's promise, has not stopped leading.
    const led = phase === 'leading' || (before?.led ?? false)
    stands.set(tab.name, { phase, ballot, led })
    if (phase === 'leading') listener.leads(who, ballot)
    else listener.campaigns(who, `asks for promises, ballot ${ballot.num}`)
  }
  return {
    started: (tab) => {
      const before = stands.get(tab.name)
      stands.delete(tab.name)
      if (before?.led === true) listener.yields(tab.name)
    },
    stepped: (tab, _input, { apply }) => {
      look(tab)
      for (const decided of apply) listener.learned(tab.name, decided)
    },
    sent: (tab, to, message) => {
      // Whoever gets the votes of a leader leads.
      const leaves = message.type === 'bequest' && message.promised.node === tab.id
      if (message.type === 'takeOver' || leaves) listener.handsOver(tab.name, names.get(to) ?? to)
    },
    applied: (tab, { entry, repeat, index }) => {
      if (entry.kind !== 'command' || repeat) return
      const own = entry.author === tab.id && entry.incarnation === tab.incarnation
      if (own) listener.answered(tab.name, proposalKey(entry), index)
    },
    proposed: (tab, seq, command) => {
      const { id: author, incarnation } = tab
      listener.proposed(tab.name, command, proposalKey({ author, incarnation, seq }))
    },
  }
}
