/** The public surface of @unanimous/simulator. */
export { Agreement } from './agreement.ts'
export type { Proposals, Witness } from './agreement.ts'
export { Chaos, faults } from './chaos.ts'
export type { ChaosOptions, Fault } from './chaos.ts'
export { describe, fuzz, optionsFrom, whyNotConverged, whyNotSettled } from './fuzz.ts'
export type { FuzzOptions, Verdict } from './fuzz.ts'
export { Rng } from './rng.ts'
export type { Range } from './rng.ts'
export { failOverMs, foundedRoom, grownRoom, isReady, keepProposing, votersOf } from './rooms.ts'
export type { Room } from './rooms.ts'
export type { Camera, Doing, Glimpse, Parcel, Shot, Stretch } from './scenario/film.ts'
export { pageOf } from './scenario/page.ts'
export { figureOf } from './scenario/expectation.ts'
export type { Judgement } from './scenario/expectation.ts'
export { parseScenario } from './scenario/parse.ts'
export { protocols, titleOf } from './scenario/protocol.ts'
export type { Protocol } from './scenario/protocol.ts'
export { runScenario } from './scenario/run.ts'
export { settleMsOf } from './scenario/run.ts'
export type { Outcome, RunOptions } from './scenario/run.ts'
export type {
  Direction,
  ParsedScenario,
  Place,
  Scenario,
  ScenarioError,
} from './scenario/scenario.ts'
export type { StoryLine } from './scenario/story.ts'
export { measureSpeed } from './speed.ts'
export type { Speed } from './speed.ts'
export { Tab } from './tab.ts'
export { Violation } from './violation.ts'
export type { Watcher } from './watcher.ts'
export { World } from './world.ts'
export { calm } from './world-options.ts'
export type { WorldOptions } from './world-options.ts'
