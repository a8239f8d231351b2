/**
 * One seed, one world: things go wrong for a while and nothing bad may happen; then things work again, and something good must
 * happen within a bound. Knows what to demand, not how the replicas do it.
 */
import type { MembershipPolicy, VoteId } from '@unanimous/core/internal'
import { sameBallot } from '@unanimous/core/internal'
import type { ChaosOptions, Fault } from './chaos.ts'
import { Chaos, faults, noticedMs } from './chaos.ts'
import { CallerWatcher } from './checkers/caller-watcher.ts'
import { commandOf } from './checkers/history.ts'
import { People, peopleOf } from './people.ts'
import type { Range } from './rng.ts'
import { Rng } from './rng.ts'
import { letSomeDiffer } from './kinds.ts'
import { mayLose } from './survival.ts'
import type { Tab } from './tab.ts'
import { demand, Violation } from './violation.ts'
import type { Watcher } from './watcher.ts'
import { World } from './world.ts'
import type { WorldOptions } from './world-options.ts'

/** Long enough for a leader to meet a straggler twice: it does so at most every thirty seconds. */
const convergeMs = 75_000
const settleMs = 120_000
const answerMs = 5000
/** No world ends before. */
const livesMs = 60_000

export interface FuzzOptions {
  readonly world: WorldOptions
  readonly chaos: ChaosOptions
  /** Milliseconds between two wishes of people; undefined: they leave the group alone. */
  readonly peopleMs: Range | undefined
  readonly tabs: number
  /** Tabs that never want more than to observe. */
  readonly observers: number
  readonly chaosMs: number
  /** Milliseconds between two proposals of one tab. */
  readonly proposeMs: Range
  readonly commandBytes: Range
  /** After the chaos only as many come back as it takes. */
  readonly healCore: boolean
}

export interface Verdict {
  readonly seed: number
  readonly steps: number
  readonly decided: number
  readonly acknowledged: number
  readonly configurations: number
  /** From healing to one happy leader whom everybody follows with the whole log. */
  readonly convergedMs: number
  readonly leaderships: number
  /** Openings of a tab that had been open before. */
  readonly restarts: number
  /** How much time passed in the world. */
  readonly simulatedMs: number
}

/** The mix differs from seed to seed: a fault that is rare in all worlds is common in some. */
export function optionsFrom(seed: number): FuzzOptions {
  const rng = new Rng(seed ^ 0x5eed)
  const slow = rng.chance(1, 5)
  const lossy = rng.chance(1, 2)
  const weights = Object.fromEntries(
    faults.map((fault) => [fault, rng.chance(1, 2) ? rng.below(10) : 0]),
  ) as Record<Fault, number>
  // Few worlds are interesting in which nobody ever comes back, or hardly anybody is there.
  if (rng.chance(9, 10)) weights[rng.pick(['crash', 'close', 'reload'] as const) ?? 'crash'] = 8
  const tabs = rng.chance(1, 25) ? 1 + rng.below(2) : 3 + rng.below(4)
  return {
    world: {
      seed,
      voters: rng.chance(1, 30) ? 1 : (rng.pick([3, 3, 5, 5, 7]) ?? 3),
      membership: { bequest: bequestOf(seed), standbys: standbysOf(seed) },
      latencyMs: rng.pick([
        [1, 3],
        [2, 30],
        [10, 120],
      ] as const) ?? [1, 3],
      lost: lossy ? (rng.pick([5, 20, 100]) ?? 0) : 0,
      duplicated: lossy ? (rng.pick([0, 10, 50]) ?? 0) : 0,
      late: rng.chance(1, 3) ? 10 : 0,
      ordered: rng.chance(1, 2),
      diskMs: slow ? [10, 400] : [1, 15],
      relays: rng.chance(3, 4),
      codec: rng.chance(1, 3),
      linkUpMs: [10, 300],
      linkDownMs: rng.pick([
        [0, 50],
        [50, 5000],
      ] as const) ?? [0, 50],
      wallSkewMs: rng.pick([0, 1000, 600_000]) ?? 0,
      logBytes: logBytesOf(seed),
      page: pageOf(seed),
    },
    chaos: {
      pauseMs: rng.pick([
        [50, 400],
        [200, 3000],
      ] as const) ?? [50, 400],
      lastsMs: rng.pick([
        [50, 1500],
        [500, 8000],
      ] as const) ?? [50, 1500],
      weights,
      tabsMax: 7,
      atLeader: rng.pick([0, 30, 80]) ?? 0,
    },
    peopleMs: peopleOf(seed),
    tabs,
    observers: observersOf(seed),
    chaosMs: rng.between([10_000, 40_000]),
    proposeMs: rng.pick([
      [5, 60],
      [100, 1500],
    ] as const) ?? [100, 1500],
    commandBytes: rng.chance(1, 8) ? [1000, 60_000] : [8, 64],
    healCore: rng.chance(1, 3),
  }
}

/** In most worlds each tab stores many states, and in some of these hardly any log is left. */
const logBytesOf = (seed: number): number =>
  new Rng(seed ^ 0x12d5).pick([1000, 5000, 30_000, Infinity] as const) ?? Infinity

/** In some worlds the application is published anew while tabs are open, and once more without what it was at first. */
function pageOf(seed: number): NonNullable<WorldOptions['page']> {
  const rng = new Rng(seed ^ 0x9a6e)
  const second = rng.chance(1, 2) ? rng.below(20_000) : Infinity
  const third = rng.chance(1, 4) ? second + rng.below(30_000) : Infinity
  return (now) => (now < second ? [1] : now < third ? [1, 2] : [2])
}

/** With few of them, whoever is left over observes. */
const standbysOf = (seed: number): number => new Rng(seed ^ 0x57b).pick([1, 1, 3] as const) ?? 3

const observersOf = (seed: number): number =>
  new Rng(seed ^ 0x0b5e).pick([0, 0, 0, 1, 4] as const) ?? 0

const bequestOf = (seed: number): MembershipPolicy['bequest'] =>
  new Rng(seed ^ 0xbe9).pick(['off', 'margin1', 'margin2'] as const) ?? 'off'

/** Throws a Violation, or the core's own InvariantViolation, with the seed in its message. */
export function fuzz(options: FuzzOptions, ...watchers: readonly Watcher[]): Verdict {
  const run = new Run(options, watchers)
  try {
    return run.play()
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause)
    const rule = cause instanceof Violation ? cause.rule : 'invariant'
    const { now } = run.world
    throw new Violation(rule, `seed ${options.world.seed} at ${now} ms: ${what}`, { cause })
  }
}

class Run {
  readonly world: World
  readonly chaos: Chaos
  readonly #people: People
  readonly #options: FuzzOptions
  readonly #rng: Rng
  readonly #callers = new CallerWatcher()
  #proposing = true
  #proposals = 0

  constructor(options: FuzzOptions, watchers: readonly Watcher[]) {
    this.#options = options
    const rng = new Rng(options.world.seed ^ 0xfa11)
    this.world = new World(options.world, this.#callers, ...watchers)
    this.chaos = new Chaos(this.world, rng.fork(), options.chaos)
    this.#people = new People(this.world, options.world.seed, options.peopleMs)
    this.#rng = rng
  }

  play(): Verdict {
    const { world } = this
    this.#begin()
    this.chaos.start()
    this.#people.start()
    world.run(this.#options.chaosMs)
    this.#proposing = false
    this.chaos.stop()
    world.network.noisy = false
    if (this.#options.healCore) this.#loseSome()
    this.chaos.heal()
    this.#people.relent()
    this.#foundIfNobodyDid()
    const convergedMs = this.#converge()
    this.#answer()
    this.#settle()
    world.run(Math.max(0, livesMs - world.now))
    this.#converge()
    this.#callers.check(world)
    const { entries, acknowledged, length } = world.agreement
    return {
      seed: this.#options.world.seed,
      steps: world.steps,
      decided: length,
      acknowledged,
      configurations: entries.filter(({ kind }) => kind === 'config').length,
      convergedMs,
      leaderships: entries.filter(({ kind }) => kind === 'noop').length,
      restarts: [...world.tabs.values()].reduce(
        (sum, { incarnation }) => sum + Math.max(0, incarnation - 1),
        0,
      ),
      simulatedMs: world.now,
    }
  }

  #begin(): void {
    const { world } = this
    for (let count = 0; count < this.#options.tabs; count += 1) {
      const tab = world.addTab(`t${count}`)
      world.agenda.after(count === 0 ? 0 : this.#rng.below(1500), () => tab.open())
    }
    for (let count = 0; count < this.#options.observers; count += 1) {
      const tab = world.addTab(`o${count}`)
      tab.role = 'observer'
      world.agenda.after(this.#rng.below(3000), () => tab.open())
    }
    letSomeDiffer(world, this.#options.world.seed, this.chaos.gone)
    const [founder] = world.tabs.values()
    world.agenda.after(50, () => founder?.found())
    this.#proposeSometimes()
  }

  /** The founder may have gone before its group was on a disk. */
  #foundIfNobodyDid(): void {
    // What was frozen founds when it wakes.
    this.world.agenda.after(1000, () => {
      const groups = this.world.open().filter(({ state }) => state?.group !== undefined)
      const members = this.world.open().filter(({ role }) => role === 'member')
      if (groups.length === 0) members[0]?.found()
    })
  }

  #proposeSometimes(): void {
    const { world } = this
    world.agenda.after(this.#rng.between(this.#options.proposeMs), () => {
      if (!this.#proposing) return
      const tab = this.#rng.pick(world.open())
      if (tab !== undefined && tab.outstanding < 200) this.#propose(tab)
      this.#proposeSometimes()
    })
  }

  #propose(tab: Tab): void {
    const kind = this.#rng.chance(1, 3) ? 'read' : 'write'
    const command = commandOf(kind, this.#proposals, this.#rng.between(this.#options.commandBytes))
    this.#proposals += 1
    // A read takes either way: through the log, or past it.
    if (kind === 'read' && this.#rng.chance(3, 4)) tab.read(command)
    else tab.propose(command)
  }

  /** Only a part comes back; whatever it is, it must be able to go on. */
  #loseSome(): void {
    const { world, chaos } = this
    const doomed = this.#rng.shuffled([...world.tabs.values()]).filter((tab) => {
      return !chaos.gone.has(tab.id) && this.#rng.chance(2, 3) && mayLose(world, chaos.gone, tab)
    })
    for (const tab of doomed) tab.crash()
    world.run(noticedMs)
    for (const tab of doomed) {
      if (tab.isOpen || !mayLose(world, chaos.gone, tab)) continue
      chaos.gone.add(tab.id)
      chaos.log.push(`${world.now} ${tab.name} is lost`)
    }
  }

  #converge(): number {
    const { world } = this
    const took = world.runUntil(() => whyNotConverged(world) === undefined, convergeMs, 50)
    demand(took !== undefined, 'liveness', () => whyNotConverged(world) ?? 'too late')
    this.#checkAcknowledged()
    return took
  }

  #answer(): void {
    const { world } = this
    for (const tab of world.open()) this.#propose(tab)
    const took = world.runUntil(() => world.open().every((tab) => tab.outstanding === 0), answerMs)
    demand(took !== undefined, 'liveness', () => `proposals are not answered: ${describe(world)}`)
    world.run(1000)
    // Somebody may have opened just now.
    this.#converge()
  }

  #checkAcknowledged(): void {
    for (const tab of this.world.open()) {
      const agreement = this.world.agreementOf(tab)
      const end = tab.state?.protocol.decidedEnd ?? 0
      demand(
        end >= agreement.acknowledgedEnd,
        'durability',
        () => `${tab.name} knows ${end} decided, callers were told of ${agreement.acknowledgedEnd}`,
      )
    }
  }

  /** The configuration grows as far as it should, with time. */
  #settle(): void {
    const { world } = this
    const settled = (): boolean => whyNotSettled(world) === undefined
    const took = world.runUntil(settled, settleMs, 500)
    demand(took !== undefined, 'membership', () => whyNotSettled(world) ?? 'too late')
  }
}

/** Why not everybody follows one happy leader with its whole log. */
export function whyNotConverged(world: World): string | undefined {
  const leaders = world.leaders()
  const [leader] = leaders
  if (leaders.length !== 1 || leader?.state === undefined) return `leaders: ${describe(world)}`
  const { promised, decidedEnd, log } = leader.state.protocol
  if (decidedEnd !== log.base + log.entries.length) return `undecided entries: ${describe(world)}`
  for (const tab of world.open()) {
    const state = tab.state
    if (state === undefined) continue
    const { protocol, election } = state
    if (!sameBallot(protocol.accepted, promised) || protocol.decidedEnd !== decidedEnd) {
      return `${tab.name} does not follow ${leader.name}: ${describe(world)}`
    }
    if (!election.happy) return `${tab.name} is not happy: ${describe(world)}`
    if (tab.outstanding > 0) return `${tab.name} waits for ${tab.outstanding}: ${describe(world)}`
  }
  return undefined
}

/** It has a vote, or could be given one: who leaves or only watches gets none, nor a page that lacks what the group runs. */
function mayVote(tab: Tab, voters: readonly VoteId[]): boolean {
  const { votes, estate } = tab.state?.protocol ?? {}
  if (tab.leaving || tab.role !== 'member') return false
  if (votes?.some((vote) => voters.includes(vote)) === true) return true
  if (tab.status()?.machine.runs === false) return false
  if (votes === undefined || votes.length > 0) return true
  // Only its heir could say who casts them; until they are voted out, as silent ones are after minutes, it gets no others.
  return !estate?.held.some((vote) => voters.includes(vote))
}

/** Why the newest configuration is not the one that the open tabs should have. */
export function whyNotSettled(world: World): string | undefined {
  const notConverged = whyNotConverged(world)
  if (notConverged !== undefined) return notConverged
  const [leader] = world.leaders()
  const voters = leader?.state?.protocol.log.configurations.at(-1)?.voters ?? []
  if (voters.length % 2 === 0) return `an even number of voters: ${describe(world)}`
  const able = world.open().filter((tab) => mayVote(tab, voters))
  const votesOf = (tab: Tab): readonly VoteId[] => tab.state?.protocol.votes ?? []
  const live = able.filter((tab) => voters.some((vote) => votesOf(tab).includes(vote)))
  const cast = new Set(able.flatMap(votesOf))
  const dead = voters.filter((vote) => !cast.has(vote)).length
  const target = Math.min(
    world.options.voters,
    able.length % 2 === 1 ? able.length : able.length - 1,
  )
  const idle = world.open().filter(({ role }) => role === 'standby')
  if (able.length > 0 && idle.some((tab) => votesOf(tab).some((vote) => voters.includes(vote)))) {
    return `a standby still votes: ${describe(world)}`
  }
  if (dead > 0 && able.length > live.length) return `a dead voter stays: ${describe(world)}`
  if (voters.length < target) return `${voters.length} voters, not ${target}: ${describe(world)}`
  return undefined
}

export function describe(world: World): string {
  return world
    .open()
    .map((tab) => {
      const { state } = tab
      if (state === undefined) return tab.name
      const { role, promised, accepted, log, decidedEnd } = state.protocol
      const ballots = `${ballotOf(promised)}/${ballotOf(accepted)}`
      const { happy } = state.election
      const voters = log.configurations
        .at(-1)
        ?.voters.map((vote) => vote.slice(0, 4))
        .join()
      return `${tab.name}(${tab.id.slice(0, 4)}) ${role.phase} ${ballots} ${decidedEnd}/${log.base + log.entries.length} ${happy ? 'happy' : 'unhappy'}${tab.leaving ? ' leaving' : ''} [${voters ?? ''}]`
    })
    .join('; ')
}

const ballotOf = ({ num, node }: { num: number; node: string }): string =>
  `${num}.${node.slice(0, 4)}`
