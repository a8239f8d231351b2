/**
 * What is being tried in the lab: the experiment, its network, where its nodes stand, and the changes that a person makes to
 * them. Knows texts and addresses; plays and draws nothing.
 */
import type { Scenario, ScenarioError } from '@unanimous/simulator'
import { parseScenario } from '@unanimous/simulator'
import type { Experiment } from './address.ts'
import { experimentIn, fragmentOf } from './address.ts'
import type { Point } from './layout.ts'
import { standingPlaces } from './layout.ts'
import type { Preset } from './presets.ts'
import { presets } from './presets.ts'

const names = presets.map(({ name }) => name)

export interface Bench {
  readonly experiment: Experiment
  /** Undefined before the first. */
  readonly scenario: Scenario | undefined
  /** Of the network that is tried. */
  readonly text: string
  readonly about: string
  readonly points: Map<string, Point>
  /** Undefined: the change is made. Otherwise the text is wrong, and nothing changed. */
  change(wanted: Partial<Experiment>): readonly ScenarioError[] | undefined
  /** The experiment that this address names. */
  read(hash: string): Experiment
  isTrying(experiment: Experiment): boolean
}

const presetCalled = (name: string): Preset | undefined =>
  presets.find((preset) => preset.name === name)

export function createBench(): Bench {
  let experiment = experimentIn('', names)
  let scenario: Scenario | undefined
  let points = new Map<string, Point>()
  const textOf = ({ name, text }: Experiment): string => text ?? presetCalled(name)?.text ?? ''
  return {
    get experiment() {
      return experiment
    },
    get scenario() {
      return scenario
    },
    get text() {
      return textOf(experiment)
    },
    get about() {
      return presetCalled(experiment.name)?.about ?? ''
    },
    get points() {
      return points
    },
    change(wanted) {
      const next = { ...experiment, ...wanted }
      const parsed = parseScenario(textOf(next))
      if (!parsed.ok) return parsed.errors
      const isPreset = next.text === presetCalled(next.name)?.text
      const hasMoved = next.name === experiment.name && scenario !== undefined
      experiment = { ...next, text: isPreset ? undefined : next.text }
      scenario = parsed.scenario
      const isKnown = scenario.places.every(({ name }) => points.has(name))
      // Whoever dragged nodes about keeps them where they are, as long as it is the same network.
      if (!hasMoved || !isKnown) points = new Map(standingPlaces(scenario.places))
      return undefined
    },
    read: (hash) => experimentIn(hash, names),
    isTrying: (other) => scenario !== undefined && fragmentOf(other) === fragmentOf(experiment),
  }
}
