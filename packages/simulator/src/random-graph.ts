/**
 * Any network whatsoever: which of the voters hear which, drawn at random, and what must hold in it. Where a strongly
 * connected majority exists, the group commits; where none does, nobody pretends.
 */
import type { Listener } from './scenario/stage.ts'
import { parseScenario } from './scenario/parse.ts'
import { unanimousStage } from './scenario/unanimous-stage.ts'
import { commandOf } from './checkers/history.ts'
import { Rng } from './rng.ts'
import { Tab } from './tab.ts'
import { demand } from './violation.ts'

const names = Array.from('abcdefghi')
/** After the cut: who can commit has done so by then; who cannot has stopped, and says why. */
const commitsWithinMs = 5000
const stopsWithinMs = 2000
const saysWithinMs = 6000
const runMs = 8000
const proposeMs = 100

export interface Graph {
  readonly voters: readonly string[]
  /** "a>b": what a says reaches b. */
  readonly arrows: readonly string[]
}

export interface GraphVerdict extends Graph {
  readonly seed: number
  /** The largest set of voters in which each reaches each. */
  readonly component: readonly string[]
  readonly majority: boolean
  /** From the cut to the first answer to a proposal that was made after it; undefined: there was none. */
  readonly answeredMs: number | undefined
}

/** Three to nine voters, sparse or dense; every arrow on its own. */
export function graphFrom(seed: number): Graph {
  const rng = new Rng(seed ^ 0x96af)
  const voters = names.slice(0, 3 + rng.below(names.length - 2))
  const percent = rng.between([10, 70])
  const arrows = voters.flatMap((from) =>
    voters.filter((to) => to !== from && rng.chance(percent, 100)).map((to) => `${from}>${to}`),
  )
  return { voters, arrows }
}

export function largestComponent({ voters, arrows }: Graph): readonly string[] {
  const components = voters.map((each) => {
    const [there, back] = [reachable(each, arrows, false), reachable(each, arrows, true)]
    return voters.filter((other) => there.has(other) && back.has(other))
  })
  return components.sort((a, b) => b.length - a.length)[0] ?? []
}

function reachable(begin: string, arrows: readonly string[], back: boolean): ReadonlySet<string> {
  const found = new Set([begin])
  // A set that grows while it is walked visits what is added.
  for (const at of found) {
    for (const arrow of arrows) {
      const [from = '', to = ''] = back ? arrow.split('>').reverse() : arrow.split('>')
      if (from === at) found.add(to)
    }
  }
  return found
}

/** Throws a Violation that names the seed. */
export function playGraph(seed: number): GraphVerdict {
  const graph = graphFrom(seed)
  const component = largestComponent(graph)
  const majority = 2 * component.length > graph.voters.length
  const run = new Run(graph, seed)
  const { answeredMs, lastMs, silent } = run.play()
  const where = `graph ${seed}, ${graph.voters.length} voters, ${graph.arrows.join(' ')}`
  if (majority) {
    demand(
      answeredMs !== undefined && answeredMs <= commitsWithinMs,
      'liveness',
      () =>
        `${where}: ${component.join('')} could commit, first answer: ${answeredMs ?? 'none'} ms`,
    )
  } else {
    demand(
      lastMs <= stopsWithinMs,
      'pretence',
      () => `${where}: what was proposed ${lastMs} ms after the cut was acknowledged`,
    )
    demand(silent.length === 0, 'pretence', () => `${where}: ${silent.join('')} do not say why`)
  }
  return { ...graph, seed, component, majority, answeredMs }
}

interface Seen {
  readonly answeredMs: number | undefined
  /** When the last proposal that was answered was made, after the cut. */
  readonly lastMs: number
  /** Who did not say why nothing is decided. */
  readonly silent: readonly string[]
}

class Run {
  readonly #graph: Graph
  readonly #stage: ReturnType<typeof unanimousStage>
  readonly #proposedAt = new Map<string, number>()
  #cutAt = Infinity
  #answeredMs: number | undefined
  #lastMs = 0
  #commands = 0

  constructor(graph: Graph, seed: number) {
    this.#graph = graph
    const text = `voters ${graph.voters.join(' ')}\nlatency 5..25\nmesh\nrun 10s\nlead a\nload 1/s from all\nexpect violations = 0\n`
    const parsed = parseScenario(text)
    demand(parsed.ok, 'world', () => 'a scenario of ours does not parse')
    this.#stage = unanimousStage(parsed.scenario, seed, this.#listener(), { relays: true })
  }

  play(): Seen {
    const { agenda } = this.#stage
    this.#stage.prepare()
    this.#cutAt = agenda.now + 1000
    this.#propose(this.#cutAt + runMs)
    agenda.runUntil(this.#cutAt)
    this.#cut()
    agenda.runUntil(this.#cutAt + saysWithinMs)
    const silent = this.#silent()
    agenda.runUntil(this.#cutAt + runMs)
    return { answeredMs: this.#answeredMs, lastMs: this.#lastMs, silent }
  }

  #cut(): void {
    const { voters, arrows } = this.#graph
    for (const from of voters) {
      for (const to of voters) {
        if (from !== to && !arrows.includes(`${from}>${to}`)) this.#mute(from, to)
      }
    }
  }

  #mute(from: string, to: string): void {
    const { participants, wires } = this.#stage
    const [a, b] = [participants.get(from), participants.get(to)]
    if (a !== undefined && b !== undefined) wires.mute(a.id, b.id)
  }

  #propose(until: number): void {
    const { agenda, participants } = this.#stage
    if (agenda.now >= until) return
    for (const participant of participants.values()) {
      if (participant.outstanding >= 100) continue
      participant.propose(commandOf('write', this.#commands, 16))
      this.#commands += 1
    }
    agenda.after(proposeMs, () => this.#propose(until))
  }

  #silent(): readonly string[] {
    return [...this.#stage.participants].flatMap(([name, participant]) => {
      const status = participant instanceof Tab ? participant.status() : undefined
      return status?.why === undefined ? [name] : []
    })
  }

  #listener(): Listener {
    const nothing = (): void => undefined
    return {
      learned: nothing,
      proposed: (_who, _command, key) => this.#proposedAt.set(key, this.#stage.agenda.now),
      answered: (_who, key) => this.#answered(key),
      campaigns: nothing,
      leads: nothing,
      yields: nothing,
      handsOver: nothing,
    }
  }

  #answered(key: string): void {
    const madeMs = (this.#proposedAt.get(key) ?? 0) - this.#cutAt
    // What was proposed long after the cut cannot have been decided before anybody noticed it.
    if (madeMs >= 1000) this.#answeredMs ??= this.#stage.agenda.now - this.#cutAt
    this.#lastMs = Math.max(this.#lastMs, madeMs)
  }
}
