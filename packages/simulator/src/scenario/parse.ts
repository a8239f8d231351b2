/** From a scenario's text to what it says, or to the lines that are wrong and what was expected there. Never throws. */
import type { Range } from '../rng.ts'
import type {
  Action,
  Direction,
  Expectation,
  LatencyRule,
  Load,
  ParsedScenario,
  Place,
  Role,
  Scenario,
  ScenarioError,
  ScenarioEvent,
} from './scenario.ts'
import { namesOf, proposersOf } from './scenario.ts'
import type { Statement, Step } from './statement.ts'
import { readStatement } from './statement.ts'
import type { LinkPattern } from './words.ts'

const linesMax = 10_000
const errorsMax = 20
const placesMax = 32
/** Events, each repetition counted. */
const eventsMax = 100_000

interface Numbered {
  readonly line: number
  readonly statement: Statement
}

/** Mutable while the text is read. */
interface Draft {
  readonly places: Place[]
  latencyMs: Range
  readonly latencies: LatencyRule[]
  lost: number
  duplicated: number
  reordered: number
  readonly links: Map<string, Direction>
  linked: boolean
  pinned: boolean
  lead: string | undefined
  readonly loads: Load[]
  readonly events: ScenarioEvent[]
  runMs: number
  readonly expectations: Expectation[]
  awaits: string | undefined
}

const emptyDraft = (): Draft => ({
  places: [],
  latencyMs: [10, 30],
  latencies: [],
  lost: 0,
  duplicated: 0,
  reordered: 0,
  links: new Map(),
  linked: false,
  pinned: true,
  lead: undefined,
  loads: [],
  events: [],
  runMs: 0,
  expectations: [],
  awaits: undefined,
})

export function parseScenario(text: string): ParsedScenario {
  const lines = text.split(/\r?\n/)
  const errors: ScenarioError[] = []
  const say = (line: number, message: string): void => {
    if (errors.length < errorsMax) errors.push({ line, message })
  }
  if (lines.length > linesMax) {
    return {
      ok: false,
      errors: [{ line: linesMax + 1, message: `expected at most ${linesMax} lines` }],
    }
  }
  const statements: Numbered[] = []
  for (const [at, line] of lines.entries()) {
    const read = readStatement(line)
    if (typeof read === 'string') say(at + 1, read)
    else if (read !== undefined) statements.push({ line: at + 1, statement: read })
  }
  const draft = emptyDraft()
  // Names and the end come first, so that the order of the lines does not matter.
  for (const { line, statement } of statements) {
    const wrong = declare(draft, statement)
    if (wrong !== undefined) say(line, wrong)
  }
  for (const { line, statement } of statements) {
    const wrong = add(draft, statement)
    if (wrong !== undefined) say(line, wrong)
  }
  for (const message of missing(draft)) say(lines.length, message)
  return errors.length > 0 ? { ok: false, errors } : { ok: true, scenario: scenarioOf(draft) }
}

function scenarioOf(draft: Draft): Scenario {
  const { places, latencyMs, latencies, lost, duplicated, reordered, pinned, lead } = draft
  const { loads, events, runMs, expectations } = draft
  const links = [...draft.links.values()]
  return {
    ...{ places, latencyMs, latencies, lost, duplicated, reordered, links, pinned, lead },
    ...{ loads, events, runMs, expectations },
  }
}

function declare(draft: Draft, statement: Statement): string | undefined {
  if (statement.kind === 'run') draft.runMs = statement.ms
  if (statement.kind !== 'places') return undefined
  for (const name of statement.names) {
    if (draft.places.some((place) => place.name === name)) {
      return `expected a new name, ${name} is taken`
    }
    if (draft.places.length >= placesMax) return `expected at most ${placesMax} names`
    draft.places.push({ name, role: statement.role })
  }
  return undefined
}

function missing({ places, linked, runMs, loads }: Draft): readonly string[] {
  return [
    ...(namesOf(places, 'voter').length > 0 ? [] : ['expected a line "voters a b c"']),
    ...(linked ? [] : ['expected a line "mesh", or lines "link a-b"']),
    ...(runMs > 0 ? [] : ['expected a line "run 80s"']),
    ...(loads.length > 0 ? [] : ['expected a line "load 40/s from all"']),
  ]
}

function add(draft: Draft, statement: Statement): string | undefined {
  switch (statement.kind) {
    case 'places':
    case 'run':
      return undefined
    case 'latency':
      return addLatency(draft, statement)
    case 'noise':
      if (statement.what === 'loss') draft.lost = statement.perThousand
      else if (statement.what === 'duplicate') draft.duplicated = statement.perThousand
      else draft.reordered = statement.perThousand
      return undefined
    case 'mesh':
      draft.linked = true
      addLinks(draft, meshOf(proposersOf(draft.places)))
      return undefined
    case 'link': {
      draft.linked = true
      const directions = directionsOf(draft, statement.links)
      if (typeof directions === 'string') return directions
      addLinks(draft, directions)
      return undefined
    }
    case 'membership':
      draft.pinned = false
      return undefined
    case 'lead':
      draft.lead = statement.name
      return whyNot(draft, [statement.name], 'voter')
    case 'load':
      return addLoad(draft, statement)
    case 'at':
      return addEvent(draft, statement)
    case 'awaits':
      draft.awaits = statement.what
      return undefined
    case 'expect':
      return addExpectation(draft, statement)
  }
}

function addLatency(
  draft: Draft,
  { link, range }: Extract<Statement, { kind: 'latency' }>,
): string | undefined {
  if (link === undefined) {
    draft.latencyMs = range
    return undefined
  }
  const directions = directionsOf(draft, [link])
  if (typeof directions === 'string') return directions
  draft.latencies.push({ directions, rangeMs: range })
  return undefined
}

function addLoad(
  draft: Draft,
  { reads, perSecond, from }: Extract<Statement, { kind: 'load' }>,
): string | undefined {
  const names = from === 'all' ? proposersOf(draft.places) : from
  draft.loads.push({ kind: reads ? 'read' : 'write', perSecond, from: names })
  return whyNot(draft, names, 'voter', 'standby', 'observer', 'client')
}

function addExpectation(
  draft: Draft,
  { metric, comparison, value, afterMs, from, text }: Extract<Statement, { kind: 'expect' }>,
): string | undefined {
  const { awaits } = draft
  if (afterMs >= draft.runMs && draft.runMs > 0) return 'expected a time before the end of the run'
  draft.expectations.push({ metric, comparison, value, afterMs, from, awaits, text })
  return from === undefined
    ? undefined
    : whyNot(draft, from, 'voter', 'standby', 'observer', 'client')
}

function addEvent(
  draft: Draft,
  { atMs, everyMs, untilMs = atMs, step, text }: Extract<Statement, { kind: 'at' }>,
): string | undefined {
  if (atMs > draft.runMs || untilMs > draft.runMs)
    return 'expected a time before the end of the run'
  if (untilMs < atMs) return 'expected an end after the beginning'
  const repetitions = everyMs === undefined ? 1 : Math.floor((untilMs - atMs) / everyMs) + 1
  if (draft.events.length + repetitions > eventsMax) return `expected at most ${eventsMax} events`
  const action = actionOf(draft, step)
  if (typeof action === 'string') return action
  draft.events.push({ atMs, everyMs, untilMs, action, text })
  return undefined
}

function actionOf(draft: Draft, step: Step): Action | string {
  if (step.type === 'cut' || step.type === 'heal') {
    const directions = directionsOf(draft, step.links)
    if (typeof directions === 'string') return directions
    if (step.type === 'cut') return { type: 'cut', directions }
    return { type: 'heal', directions: step.links.length === 0 ? undefined : directions }
  }
  const { type, names } = step
  if (names === 'any') return { type, names }
  return whyNot(draft, names, 'voter', 'standby', 'observer', 'client') ?? { type, names }
}

/** Each name must be that of a place with one of these roles. */
function whyNot(
  { places }: Draft,
  names: readonly string[],
  ...roles: readonly Role[]
): string | undefined {
  const known = namesOf(places, ...roles)
  const wrong = names.find((name) => !known.includes(name))
  if (wrong === undefined) return undefined
  const kinds = roles.length === 1 ? `a ${roles[0] ?? ''}` : 'somebody who takes part'
  return `expected the name of ${kinds}, found "${wrong}"`
}

function addLinks(draft: Draft, directions: readonly Direction[]): void {
  for (const direction of directions) {
    draft.links.set(`${direction.from}>${direction.to}`, direction)
  }
}

const meshOf = (names: readonly string[]): readonly Direction[] =>
  names.flatMap((from) => names.filter((to) => to !== from).map((to) => ({ from, to })))

function directionsOf(
  { places }: Draft,
  patterns: readonly LinkPattern[],
): readonly Direction[] | string {
  const all = places.map(({ name }) => name)
  const directions: Direction[] = []
  for (const { from, to, both } of patterns) {
    const wrong = [from, to].find((end) => end !== '*' && !all.includes(end))
    if (wrong !== undefined) return `expected a link between known names, found "${wrong}"`
    if (from === to && from !== '*') return `expected a link between two, found "${from}" twice`
    for (const a of from === '*' ? all : [from]) {
      for (const b of to === '*' ? all : [to]) {
        if (a === b) continue
        directions.push({ from: a, to: b })
        if (both) directions.push({ from: b, to: a })
      }
    }
  }
  return directions
}
