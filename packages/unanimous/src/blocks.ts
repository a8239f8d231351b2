/** Building blocks: locks, elections, counters and more, as machines that are combined and handles that use them. */
import { barrierMachine } from './blocks/barrier.ts'
import { counterMachine } from './blocks/counter.ts'
import { electionMachine } from './blocks/election.ts'
import { lockMachine } from './blocks/lock.ts'
import { onceMachine } from './blocks/once.ts'
import { queueMachine } from './blocks/queue.ts'
import { registerMachine } from './blocks/register.ts'
import { turnsMachine } from './blocks/turns.ts'
import { uniqueSetMachine } from './blocks/unique-set.ts'

export { barrier } from './blocks/barrier.ts'
export type {
  Barrier,
  BarrierCommands,
  BarrierHost,
  Barriers,
  BarrierState,
} from './blocks/barrier.ts'
export type { AnyMachine } from './machine.ts'
export { combine } from './blocks/combine.ts'
export type {
  Combined,
  CombinedCommands,
  CombinedState,
  CombineOptions,
  Parts,
} from './blocks/combine.ts'
export { counter } from './blocks/counter.ts'
export type { Counter, CounterCommands, CounterHost, Counters } from './blocks/counter.ts'
export { election } from './blocks/election.ts'
export type { Candidate, Election, ElectionHost, ElectionOptions } from './blocks/election.ts'
export type { Held } from './blocks/held-lease.ts'
export type { Ask, Host, WaitOptions } from './blocks/host.ts'
export type { Claim, Granted, Lease, LeaseCommands, Leases } from './blocks/lease.ts'
export { lock } from './blocks/lock.ts'
export type { LeaseAsks, Lock, LockHost, LockOptions } from './blocks/lock.ts'
export { once } from './blocks/once.ts'
export type { OnceCommands, OnceHost, Onces } from './blocks/once.ts'
export { queue } from './blocks/queue.ts'
export type {
  Job,
  Queue,
  QueueCommands,
  QueuedJob,
  QueueHost,
  Queues,
  WorkOptions,
} from './blocks/queue.ts'
export { register } from './blocks/register.ts'
export type { Register, RegisterCommands, RegisterHost, Registers } from './blocks/register.ts'
export { turns } from './blocks/turns.ts'
export type { Game, Games, Turns, TurnsCommands, TurnsHost, TurnsOptions } from './blocks/turns.ts'
export { uniqueSet } from './blocks/unique-set.ts'
export type {
  Claimed,
  UniqueSet,
  UniqueSetCommands,
  UniqueSetHost,
  UniqueSets,
} from './blocks/unique-set.ts'

/** Every block's machine, for `combine({ ...blocks })`; take single ones out of it where a group needs few. */
export const blocks: {
  readonly barrier: typeof barrierMachine
  readonly counter: typeof counterMachine
  readonly election: typeof electionMachine
  readonly lock: typeof lockMachine
  readonly once: typeof onceMachine
  readonly queue: typeof queueMachine
  readonly register: typeof registerMachine
  readonly turns: typeof turnsMachine
  readonly uniqueSet: typeof uniqueSetMachine
} = {
  barrier: barrierMachine,
  counter: counterMachine,
  election: electionMachine,
  lock: lockMachine,
  once: onceMachine,
  queue: queueMachine,
  register: registerMachine,
  turns: turnsMachine,
  uniqueSet: uniqueSetMachine,
}
