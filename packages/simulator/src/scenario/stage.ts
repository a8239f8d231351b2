/**
 * What a scenario is played on, whichever protocol plays: people open and close tabs, cut cables and propose; listeners hear
 * of leaders and decisions. Implemented by the world of tabs and by the world of a baseline.
 */
import type { Ballot, Command, Decided, ReplicaId } from '@unanimous/core/internal'
import type { Agenda } from '../agenda.ts'
import type { WorldOptions } from '../world-options.ts'
import { calm } from '../world-options.ts'
import type { Glimpse, Passing } from './film.ts'
import type { Scenario } from './scenario.ts'
import type { Wires } from './topology.ts'

/** One tab, or whatever takes its place. */
export interface Participant {
  readonly id: ReplicaId
  readonly isOpen: boolean
  readonly isFrozen: boolean
  /** Proposals that are not answered yet. */
  readonly outstanding: number
  open(): void
  crash(noticeMs?: number): void
  close(): void
  freeze(): void
  resume(): void
  hide(hidden: boolean): void
  propose(command: Command): void
}

/** Who watches, and how it stands. */
export interface Watching {
  readonly name: string
  readonly decidedEnd: number
  /** Who tells it what is decided; undefined: it looks for somebody. */
  readonly feeder: string | undefined
}

/** Names are the scenario's. */
export interface Listener {
  /** In memory, not yet on this one's disk. */
  learned(who: string, decided: Decided): void
  proposed(who: string, command: Command, key: string): void
  /** The proposal `key` of this one is decided, and it knows. */
  answered(who: string, key: string, index: number): void
  campaigns(who: string, what: string): void
  leads(who: string, ballot: Ballot): void
  /** It led, and does not any more. */
  yields(who: string): void
  handsOver(from: string, to: string): void
}

export interface Stage {
  readonly agenda: Agenda
  readonly wires: Wires
  /** Everybody but hubs, by the scenario's names, and those that came later. */
  readonly participants: ReadonlyMap<string, Participant>
  /** Loss, repetition and reordering happen. */
  setNoisy(noisy: boolean): void
  /** Time passes until the group is there and `lead` leads, with everybody linked to everybody. Throws a Violation if it never does. */
  prepare(): void
  /** Its disk is gone; who opens here next is a stranger. */
  wipe(name: string): void
  /** Its disk is as it was when `remember` was called. */
  rollBack(name: string): void
  /** Keeps a copy of each disk. */
  remember(): void
  /** Another tab beside it; its name, or undefined if this protocol has no use for one. */
  duplicate(name: string): string | undefined
  /** The name of whoever casts this vote. */
  nameOf(vote: string): string
  /** How many entries are decided. */
  decided(): number
  /** Those who only watch and are there, in the order in which they came; nobody, if this protocol has no such thing. */
  watching(): readonly Watching[]
  /** How everybody looks now. */
  glimpses(): readonly Glimpse[]
  /** From now on `told` hears of every frame that leaves. */
  watchFrames(told: (passing: Passing) => void): void
}

/** A lost link is noticed by its own means only after this while: detectors have to judge by silence. */
const linkDownMs = [5000, 10_000] as const
const linkUpMs = [100, 400] as const

export function worldOptionsOf(scenario: Scenario, seed: number, voters: number): WorldOptions {
  const { latencyMs, lost, duplicated, reordered } = scenario
  return { ...calm, seed, voters, latencyMs, lost, duplicated, reordered, linkDownMs, linkUpMs }
}
