/** A scenario's stage on the world of a baseline. Voters never change there, and a new disk is nobody. */
import type { Ballot, Durable, Incarnation } from '@unanimous/core/internal'
import { sameBallot } from '@unanimous/core/internal'
import { proposalKey } from '../agreement.ts'
import { BaselineWorld } from '../baselines/baseline-world.ts'
import type { Host, HostWatcher } from '../baselines/host.ts'
import type { Algorithm } from '../baselines/machine.ts'
import { demand } from '../violation.ts'
import type { Glimpse } from './film.ts'
import { tailOf } from './film.ts'
import type { Scenario } from './scenario.ts'
import { namesOf, proposersOf } from './scenario.ts'
import type { Listener, Participant, Stage } from './stage.ts'
import { worldOptionsOf } from './stage.ts'

const prepareMs = 30_000

interface Copy {
  readonly durable: Durable
  readonly incarnation: Incarnation
}

export function baselineStage<Message>(
  scenario: Scenario,
  seed: number,
  listener: Listener,
  algorithm: Algorithm<Message>,
): Stage {
  const voters = namesOf(scenario.places, 'voter')
  const world = new BaselineWorld<Message>(
    worldOptionsOf(scenario, seed, voters.length),
    algorithm,
    voters,
    watcherOf(listener),
  )
  const participants = new Map<string, Participant>()
  const hosts = new Map<string, Host<Message>>()
  const copies = new Map<string, Copy>()
  for (const name of proposersOf(scenario.places)) {
    const host = world.add(name)
    hosts.set(name, host)
    participants.set(name, host)
  }
  const hostOf = (name: string): Host<Message> => {
    const host = hosts.get(name)
    demand(host !== undefined, 'world', () => `nobody is called ${name}`)
    return host
  }
  return {
    agenda: world.agenda,
    wires: world.network,
    participants,
    setNoisy: (noisy) => {
      world.network.noisy = noisy
    },
    prepare: () => {
      world.network.noisy = false
      elect(world, scenario.lead)
    },
    // A server without its disk would vote twice; with static voters it can only stay away.
    wipe: (name) => {
      hostOf(name).crash()
      participants.set(name, absent(hostOf(name)))
    },
    remember: () => {
      for (const [name, { id, disk }] of hosts) {
        copies.set(name, { durable: disk.read(id), incarnation: disk.incarnation })
      }
    },
    rollBack: (name) => {
      const copy = copies.get(name)
      hostOf(name).crash()
      if (copy !== undefined) hostOf(name).disk.restore(copy.durable, copy.incarnation)
    },
    duplicate: () => undefined,
    nameOf: (vote) => [...hosts.values()].find(({ id }) => (id as string) === vote)?.name ?? vote,
    decided: () => world.agreement.length,
    watching: () => [],
    glimpses: () => [...hosts.values()].map((host) => glimpseOf(host, world)),
    watchFrames: (told) => {
      world.network.tap = (from, to, message, way) =>
        told({ from, to, kind: algorithm.kindOf(message), isOnward: false, ...way })
    },
  }
}

function glimpseOf<Message>(host: Host<Message>, world: BaselineWorld<Message>): Glimpse {
  const { name, machine, disk, isFrozen, isHidden } = host
  const follows = machine?.follows()
  return {
    name,
    doing: doingOf(machine, isFrozen),
    isHidden,
    ballot: (machine?.promised() ?? disk.promised).num,
    follows:
      follows === host.id
        ? undefined
        : [...world.hosts.values()].find(({ id }) => id === follows)?.name,
    logEnd: disk.logEnd,
    decidedEnd: machine?.decidedEnd() ?? disk.decidedEnd,
    tail: tailOf(disk.entries),
  }
}

function doingOf<Message>(machine: Host<Message>['machine'], isFrozen: boolean): Glimpse['doing'] {
  if (machine === undefined) return 'closed'
  if (isFrozen) return 'frozen'
  if (machine.leading() !== undefined) return 'leads'
  return machine.campaign() === undefined ? 'follows' : 'asks'
}

/** It does not come back. */
const absent = <Message>({ id }: Host<Message>): Participant => ({
  id,
  isOpen: false,
  isFrozen: false,
  outstanding: 0,
  open: () => undefined,
  crash: () => undefined,
  close: () => undefined,
  freeze: () => undefined,
  resume: () => undefined,
  hide: () => undefined,
  propose: () => undefined,
})

function elect<Message>(world: BaselineWorld<Message>, lead: string | undefined): void {
  for (const [name, host] of world.hosts) {
    host.open(lead === undefined ? undefined : name === lead ? 'first' : 'later')
  }
  const settled = (): boolean => {
    const leaders = world.open().filter(({ machine }) => machine?.leading() !== undefined)
    const [leader] = leaders
    if (leader === undefined || leaders.length !== 1) return false
    if (lead !== undefined && leader.name !== lead) return false
    return world.open().every(({ machine }) => {
      const follows = machine?.follows()
      return follows === undefined || follows === leader.id
    })
  }
  for (let waited = 0; waited < prepareMs && !settled(); waited += 50) world.run(50)
  world.run(3000)
  demand(settled(), 'setUp', () => `${lead ?? 'nobody'} did not come to lead in time`)
}

/** What hosts do, in the words of a listener. */
function watcherOf<Message>(listener: Listener): HostWatcher<Message> {
  const stands = new Map<string, { readonly start: number; readonly ballot: Ballot }>()
  const campaigns = new Map<string, string>()
  const look = (host: Host<Message>): void => {
    const { name, machine, incarnation: start } = host
    const campaign = machine?.campaign()
    if (campaign !== campaigns.get(name) && campaign !== undefined) {
      listener.campaigns(name, campaign)
    }
    if (campaign === undefined) campaigns.delete(name)
    else campaigns.set(name, campaign)
    const ballot = machine?.leading()
    const before = stands.get(name)
    const same =
      before !== undefined &&
      ballot !== undefined &&
      before.start === start &&
      sameBallot(before.ballot, ballot)
    if (same) return
    if (before !== undefined) listener.yields(name)
    stands.delete(name)
    if (ballot === undefined) return
    stands.set(name, { start, ballot })
    listener.leads(name, ballot)
  }
  return {
    stepped: (host, { apply }) => {
      look(host)
      for (const decided of apply) listener.learned(host.name, decided)
    },
    answered: (host, { seq, index }) => {
      const { id: author, incarnation } = host
      listener.answered(host.name, proposalKey({ author, incarnation, seq }), index)
    },
    proposed: (host, seq, command) => {
      const { id: author, incarnation } = host
      listener.proposed(host.name, command, proposalKey({ author, incarnation, seq }))
    },
  }
}
