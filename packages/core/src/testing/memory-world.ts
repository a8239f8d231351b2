/**
 * A room of replicas in one process: disks, links and time are all the test's own. Knows how a replica is put together, not
 * what is tested with it.
 */
import type { DecidedCommand, StateMachine } from '../ports/state-machine.ts'
import type { OpenStorage } from '../ports/storage.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import { openStore, runReplica } from '../runtime/open-replica.ts'
import type { Problem, Replica, RuntimeEvent } from '../runtime/replica.ts'
import { memoryStorage } from '../storage/memory-storage.ts'
import type { FailingStorage } from './failing-storage.ts'
import { failingStorage } from './failing-storage.ts'
import type { ManualClock } from './manual-clock.ts'
import { manualClock, settled } from './manual-clock.ts'
import type { MemoryHub } from './memory-transport.ts'
import { createMemoryHub } from './memory-transport.ts'

/** A replica and all that a test may ask about it. */
export interface MemoryNode {
  readonly id: ReplicaId
  readonly replica: Replica<number>
  /** Its disk, which breaks when told to. */
  readonly disk: FailingStorage
  /** What its machine was given, in order. */
  readonly applied: readonly DecidedCommand[]
  readonly events: readonly RuntimeEvent[]
  readonly problems: readonly Problem[]
}

/** What may differ from node to node. */
export interface MemoryNodeOptions {
  /** Called for each decided command; throws to break the machine. */
  readonly onApply?: (command: DecidedCommand) => void
  /** How many voters the group should grow to; 5 unless told. */
  readonly voters?: number
}

export interface MemoryWorld {
  readonly clock: ManualClock
  readonly hub: MemoryHub
  /** Opens the replica whose disk is called `name`; after it was closed, the same disk is read again. */
  open(name: string, options?: MemoryNodeOptions): Promise<MemoryNode>
  /** Lets time pass until `condition` holds. Throws after `withinMs` of the world's time, by default a minute. */
  until(condition: () => boolean, withinMs?: number): Promise<void>
}

/** Bytes that only look like chance: the same in every run, others for every name. */
function bytesFor(name: string): (length: number) => Uint8Array {
  let state = Array.from(name).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7)
  return (length) =>
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state >>> 24
    })
}

class Machine implements StateMachine<number> {
  readonly applied: DecidedCommand[] = []
  readonly #onApply: (command: DecidedCommand) => void

  constructor(onApply: (command: DecidedCommand) => void = () => undefined) {
    this.#onApply = onApply
  }

  apply(command: DecidedCommand): number {
    this.#onApply(command)
    this.applied.push(command)
    return command.index
  }
}

/** An empty room. `disks`: where its stores are, in memory unless told. */
export function createMemoryWorld(disks: OpenStorage = memoryStorage()): MemoryWorld {
  const clock = manualClock()
  const hub = createMemoryHub()
  return {
    clock,
    hub,
    async open(name, { onApply, voters = 5 } = {}) {
      const disk = failingStorage(await disks(name))
      const store = await openStore(disk, bytesFor(name))
      const machine = new Machine(onApply)
      const [events, problems]: [RuntimeEvent[], Problem[]] = [[], []]
      const replica = runReplica<number>({
        ...{ store, transport: hub.join(store.self), clock, machine, voters },
        ...{ room: 'room', wanted: undefined },
        report: (problem) => problems.push(problem),
      })
      replica.subscribe((event) => events.push(event))
      return { id: store.self, replica, disk, applied: machine.applied, events, problems }
    },
    async until(condition, withinMs = 60_000) {
      await settled()
      const deadline = clock.now() + withinMs
      while (!condition()) {
        if (clock.now() >= deadline) throw new Error(`it did not happen within ${withinMs} ms`)
        await clock.advance(50)
      }
    },
  }
}
