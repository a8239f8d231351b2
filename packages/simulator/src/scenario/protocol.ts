/** The protocols that a scenario can be played with, by their names on the command line. */
import { omni } from '../baselines/omni.ts'
import { raft } from '../baselines/raft.ts'
import { baselineStage } from './baseline-stage.ts'
import type { Scenario } from './scenario.ts'
import type { Listener, Stage } from './stage.ts'
import { unanimousStage } from './unanimous-stage.ts'

export const protocols = [
  'raft',
  'raft-pv',
  'raft-pv-cq',
  'omni',
  'unanimous-direct',
  'unanimous',
] as const

export type Protocol = (typeof protocols)[number]

export const isProtocol = (word: string): word is Protocol =>
  (protocols as readonly string[]).includes(word)

/** As tables and people call them. */
export const titleOf: Readonly<Record<Protocol, string>> = {
  raft: 'Raft',
  'raft-pv': 'Raft + PreVote',
  'raft-pv-cq': 'Raft + PreVote + CheckQuorum',
  omni: 'Omni-Paxos-style, no relays',
  'unanimous-direct': 'Unanimous, relays off',
  unanimous: 'Unanimous',
}

export function stageFor(
  protocol: Protocol,
  scenario: Scenario,
  seed: number,
  listener: Listener,
): Stage {
  switch (protocol) {
    case 'unanimous':
      return unanimousStage(scenario, seed, listener, { relays: true })
    case 'unanimous-direct':
      return unanimousStage(scenario, seed, listener, { relays: false })
    case 'raft':
      return baselineStage(scenario, seed, listener, raft({ preVote: false, checkQuorum: false }))
    case 'raft-pv':
      return baselineStage(scenario, seed, listener, raft({ preVote: true, checkQuorum: false }))
    case 'raft-pv-cq':
      return baselineStage(scenario, seed, listener, raft({ preVote: true, checkQuorum: true }))
    case 'omni':
      return baselineStage(scenario, seed, listener, omni())
  }
}
