/** Plays a scenario: one protocol, one seed, one outcome. Knows what happens when; what it means is for meter and judge. */
import type { Decided } from '@unanimous/core/internal'
import type { Range } from '../rng.ts'
import type { HistoryRecord } from '../checkers/history-record.ts'
import { checkLinearizability } from '../checkers/linearizability.ts'
import { Rng } from '../rng.ts'
import { Violation } from '../violation.ts'
import type { Judgement } from './expectation.ts'
import { judge } from './expectation.ts'
import type { Camera } from './film.ts'
import { rollFilm } from './filming.ts'
import { History } from '../checkers/history.ts'
import { startLoad } from './load.ts'
import { Meter, windowMs } from './meter.ts'
import { Mileage } from './mileage.ts'
import type { Protocol } from './protocol.ts'
import { stageFor } from './protocol.ts'
import type { Action, Scenario } from './scenario.ts'
import { momentsOf, namesOf } from './scenario.ts'
import type { Listener, Stage } from './stage.ts'
import type { StoryLine } from './story.ts'
import { Story } from './story.ts'
import { Topology, Wiring } from './topology.ts'

export interface RunOptions {
  readonly protocol: Protocol
  readonly seed: number
  /** Sees every window of the run, while it goes on. */
  readonly camera?: Camera
}

export interface Outcome {
  readonly protocol: Protocol
  readonly seed: number
  /** Percent of the windows after the settle time. */
  readonly committed: number
  /** From time 0: the fail-over is in it. */
  readonly stallMs: number
  readonly changes: number
  readonly handovers: number
  /** Who led last; undefined: nobody did. */
  readonly leader: string | undefined
  /** Links that a message took, on average, beacons left out; 1 in a run that was filmed. */
  readonly hops: number
  readonly decided: number
  /** Percent of the proposals after the settle time. */
  readonly answered: number
  readonly violations: number
  /** The first of them, in words. */
  readonly violation: string | undefined
  readonly judgements: readonly Judgement[]
  readonly windows: readonly boolean[]
  readonly story: readonly StoryLine[]
  readonly history: readonly HistoryRecord[]
}

/** The load begins a little earlier than the scenario, so that the first window is like the others. */
const leadInMs = 1000
/** How long a page is away while it reloads. */
const reloadMs: Range = [300, 800]

export function runScenario(scenario: Scenario, options: RunOptions): Outcome {
  const run = new Run(scenario, options)
  return run.play()
}

class Run {
  readonly #scenario: Scenario
  readonly #options: RunOptions
  readonly #stage: Stage
  readonly #topology: Topology
  readonly #wiring: Wiring
  readonly #meter: Meter
  readonly #history = new History()
  readonly #story = new Story()
  readonly #mileage = new Mileage()
  readonly #rng: Rng
  #zero = Infinity
  #decidedEnd = 0

  constructor(scenario: Scenario, options: RunOptions) {
    this.#scenario = scenario
    this.#options = options
    this.#meter = new Meter(scenario.runMs)
    this.#stage = stageFor(options.protocol, scenario, options.seed, this.#listener())
    this.#topology = new Topology(scenario)
    this.#wiring = new Wiring(this.#stage.wires, this.#topology)
    this.#rng = new Rng(options.seed ^ 0x5ce0)
  }

  play(): Outcome {
    let violation: string | undefined
    try {
      this.#begin()
      this.#goOn()
    } catch (cause) {
      violation = cause instanceof Error ? cause.message : String(cause)
      const rule = cause instanceof Violation ? cause.rule : 'invariant'
      this.#story.add(this.#at(), `VIOLATION of ${rule}: ${violation}`)
    }
    this.#history.end(this.#at() + leadInMs)
    return this.#outcome(violation ?? this.#whyNotLinearizable())
  }

  #goOn(): void {
    const { camera } = this.#options
    const { runMs } = this.#scenario
    if (camera === undefined) {
      this.#stage.watchFrames((passing) => {
        if (this.#at() >= 0) this.#mileage.count(passing)
      })
      return this.#stage.agenda.runUntil(this.#zero + runMs)
    }
    const scenery = {
      stage: this.#stage,
      topology: this.#topology,
      meter: this.#meter,
      story: this.#story,
      mileage: this.#mileage,
    }
    rollFilm(scenery, { zeroMs: this.#zero, runMs, camera })
  }

  #whyNotLinearizable(): string | undefined {
    const result = checkLinearizability(this.#history.records)
    if (result.kind === 'linearizable') return undefined
    const why =
      result.kind === 'violation'
        ? result.why.join('\n')
        : `Whether register ${result.key} is linearizable was not found out in ${result.tries} tries.`
    this.#story.add(this.#at(), `VIOLATION of linearizability: ${why}`)
    return why
  }

  #begin(): void {
    const { agenda } = this.#stage
    this.#stage.prepare()
    this.#zero = agenda.now + leadInMs
    startLoad(
      agenda,
      this.#scenario.loads,
      this.#stage.participants,
      this.#zero + this.#scenario.runMs,
    )
    agenda.after(leadInMs, () => {
      this.#story.add(0, `time 0: ${this.#meter.leader ?? 'nobody'} leads`)
      this.#stage.remember()
      this.#stage.setNoisy(true)
      this.#wire()
      this.#watch()
    })
    for (const event of this.#scenario.events) {
      for (const moment of momentsOf(event)) {
        agenda.after(leadInMs + moment, () => {
          this.#act(event.action, event.text)
        })
      }
    }
  }

  /** At the end of every window, if anybody watches. */
  #watch(): void {
    const { agenda } = this.#stage
    if (namesOf(this.#scenario.places, 'observer', 'client').length === 0) return
    for (const told of this.#meter.audience.look(this.#stage.watching(), this.#at())) {
      this.#tell(told)
    }
    agenda.after(windowMs, () => this.#watch())
  }

  #outcome(violation: string | undefined): Outcome {
    const { protocol, seed } = this.#options
    const meter = this.#meter
    const settleMs = settleMsOf(this.#scenario)
    const violations = violation === undefined ? 0 : 1
    return {
      protocol,
      seed,
      committed: meter.committed(settleMs),
      stallMs: meter.stall(0),
      changes: meter.changes,
      handovers: meter.handovers,
      leader: meter.leader,
      hops: this.#mileage.hops,
      decided: this.#stage.decided(),
      answered: meter.answeredShare(settleMs, undefined),
      violations,
      violation,
      judgements: this.#scenario.expectations.map((each) => judge(each, meter, violations)),
      windows: meter.windows,
      story: this.#story.lines,
      history: this.#history.records,
    }
  }

  get #unit(): string {
    return this.#options.protocol.startsWith('raft') ? 'term' : 'ballot'
  }

  /** Milliseconds from time 0. */
  #at(): number {
    return this.#stage.agenda.now - this.#zero
  }

  #wire(): void {
    this.#wiring.apply(new Map([...this.#stage.participants].map(([name, { id }]) => [name, id])))
  }

  #act(action: Action, text: string): void {
    if (action.type === 'cut' || action.type === 'heal') {
      this.#story.add(this.#at(), text)
      if (action.type === 'cut') this.#topology.cut(action.directions)
      else this.#topology.heal(action.directions)
      this.#wire()
      return
    }
    const { type, names } = action
    const hit = names === 'any' ? this.#anybody() : names
    this.#story.add(this.#at(), `${type} ${hit.join(' ')}`)
    for (const name of hit) this.#hit(type, name)
  }

  #anybody(): readonly string[] {
    const open = this.#scenario.places.filter(({ name, role }) => {
      return role === 'voter' && (this.#stage.participants.get(name)?.isOpen ?? false)
    })
    const drawn = this.#rng.pick(open)
    return drawn === undefined ? [] : [drawn.name]
  }

  #hit(type: Exclude<Action['type'], 'cut' | 'heal'>, name: string): void {
    const stage = this.#stage
    const participant = stage.participants.get(name)
    if (participant === undefined) return
    switch (type) {
      case 'crash':
        return participant.crash()
      case 'restart':
        return participant.open()
      case 'freeze':
        return participant.freeze()
      case 'resume':
        return participant.resume()
      case 'hide':
        return participant.hide(true)
      case 'show':
        return participant.hide(false)
      case 'close':
        return participant.close()
      case 'reload':
        participant.close()
        return stage.agenda.after(this.#rng.between(reloadMs), () => {
          // Whoever is there by then: the store may have been wiped meanwhile.
          stage.participants.get(name)?.open()
        })
      case 'duplicate': {
        const beside = stage.duplicate(name)
        if (beside === undefined) return
        this.#topology.addBeside(beside, name)
        return this.#wire()
      }
      case 'wipe':
        stage.wipe(name)
        return this.#wire()
      case 'rollback':
        return stage.rollBack(name)
    }
  }

  #listener(): Listener {
    return {
      learned: (_who, decided) => this.#learned(decided),
      proposed: (who, command, key) => {
        this.#meter.proposed(who, key, this.#at())
        this.#history.proposed(key, command, this.#at() + leadInMs)
      },
      answered: (_who, key, index) => {
        this.#meter.answered(key)
        this.#history.answered(key, index, this.#at() + leadInMs)
      },
      campaigns: (who, what) => this.#tell(`${who} ${what}`),
      yields: (who) => {
        this.#meter.yields(who)
        this.#tell(`${who} leads no more`)
      },
      handsOver: (from, to) => {
        this.#meter.handsOver(from, to, this.#at())
        this.#tell(`${from} hands over to ${to}`)
      },
      leads: (who, ballot) => {
        const kind = this.#meter.leads(who, ballot, this.#at())
        const why = kind === 'change' ? ', unplanned' : kind === 'handover' ? ', handed over' : ''
        this.#tell(`${who} leads, ${this.#unit} ${ballot.num}${why}`)
      },
    }
  }

  #tell(text: string): void {
    if (this.#at() >= 0) this.#story.add(this.#at(), text)
  }

  #learned({ index, entry, repeat }: Decided): void {
    if (index < this.#decidedEnd) return
    this.#decidedEnd = index + 1
    this.#meter.decided(this.#at())
    this.#meter.audience.decided(index, this.#at())
    if (entry.kind === 'config') {
      const names = entry.voters.map((vote) => this.#stage.nameOf(vote)).sort()
      this.#tell(`the voters are ${names.join(' ')}`)
    }
    if (entry.kind !== 'command' || repeat) return
    this.#history.decided(index, entry.command)
  }
}

/** What a scenario allows for settling: the latest time from which it counts anything. */
export const settleMsOf = ({ expectations }: Scenario): number =>
  Math.max(0, ...expectations.map(({ afterMs }) => afterMs))
