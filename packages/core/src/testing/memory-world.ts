/**
 * A room of replicas in one process: disks, links and time are all the test's own. Knows how a replica is put together, not
 * what is tested with it.
 */
import type { DecidedCommand, StateMachine } from '../ports/state-machine.ts'
import type { OpenStorage } from '../ports/storage.ts'
import type { Transport } from '../ports/transport.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import type { Part } from '../protocol/part.ts'
import type { Problem, RuntimeEvent } from '../runtime/news.ts'
import { defaultPolicy } from '../membership/policy.ts'
import { foundStore } from '../runtime/found-store.ts'
import { openStore, runReplica } from '../runtime/open-replica.ts'
import type { Refounded } from '../runtime/refound-store.ts'
import { refoundStore, renewStore } from '../runtime/refound-store.ts'
import type { Replica } from '../runtime/replica.ts'
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
  /** The states that took the place of what it was given before. */
  readonly restored: readonly Uint8Array[]
  /** The versions that its machine was told of. */
  readonly raised: readonly number[]
  readonly events: readonly RuntimeEvent[]
  readonly problems: readonly Problem[]
}

/** What may differ from node to node. */
export interface MemoryNodeOptions {
  /** Called for each decided command; throws to break the machine. */
  readonly onApply?: (command: DecidedCommand) => void
  /** The state of the machine as bytes; how many commands it was given, unless told. Undefined: there is none. */
  readonly snapshot?: (applied: readonly DecidedCommand[]) => Uint8Array | undefined
  /** What the log may weigh beyond a snapshot. */
  readonly logBytes?: number
  /** Called for each problem; throws to be a bad listener. */
  readonly onProblem?: (problem: Problem) => void
  /** How much part it takes at most; a member unless told. */
  readonly role?: Part
  /** How many voters the group should grow to; 5 unless told. */
  readonly voters?: number
  /** The versions that its machine carries; it runs the same for any unless told. */
  readonly versions?: readonly number[]
  /** Puts something between the replica and its links. */
  readonly wrap?: (transport: Transport) => Transport
}

/** A room, and the time in it. */
export interface MemoryWorld {
  readonly clock: ManualClock
  readonly hub: MemoryHub
  /** Opens the replica whose disk is called `name`; after it was closed, the same disk is read again. */
  open(name: string, options?: MemoryNodeOptions): Promise<MemoryNode>
  /** Begins the group of that disk anew; its replica must be closed. */
  refound(name: string): Promise<Refounded>
  /** Founds a group on that disk whose first state is this; false: it is in one already. Its replica must be closed. */
  foundFrom(name: string, state: Uint8Array): Promise<boolean>
  /** Makes a stranger of that disk; its replica must be closed. */
  renew(name: string): Promise<void>
  /** Opens all of these; the first founds. Resolves when each of them votes and knows a leader, so they are 1, 3 or 5. */
  form(...names: readonly string[]): Promise<readonly MemoryNode[]>
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
  readonly restored: Uint8Array[] = []
  readonly raised: number[] = []
  readonly versions?: readonly number[]
  readonly #onApply: NonNullable<MemoryNodeOptions['onApply']>
  readonly #snapshot: NonNullable<MemoryNodeOptions['snapshot']>

  constructor({ onApply, snapshot, versions }: MemoryNodeOptions) {
    if (versions !== undefined) this.versions = versions
    this.#onApply = onApply ?? (() => undefined)
    this.#snapshot = snapshot ?? (({ length }) => Uint8Array.of(length & 255, length >> 8))
  }

  apply(command: DecidedCommand): number {
    this.#onApply(command)
    this.applied.push(command)
    return command.index
  }

  snapshot(): Uint8Array | undefined {
    return this.#snapshot(this.applied)
  }

  /** Whole, so that what is restored can be told from what was given. */
  save(): Uint8Array | undefined {
    return this.#snapshot(this.applied)
  }

  restore(state: Uint8Array): void {
    this.restored.push(state)
  }

  raise(version: number): void {
    this.raised.push(version)
  }
}

const nonce = '0123456789abcdef'.repeat(2)

class Room implements MemoryWorld {
  readonly clock: ManualClock = manualClock()
  readonly hub: MemoryHub = createMemoryHub()
  readonly #disks: OpenStorage

  constructor(disks: OpenStorage) {
    this.#disks = disks
  }

  async open(name: string, options: MemoryNodeOptions = {}): Promise<MemoryNode> {
    const { onProblem, voters = 5, wrap = (inner: Transport) => inner, logBytes } = options
    const disk = failingStorage(await this.#disks(name))
    const store = await openStore(disk, bytesFor(name))
    const machine = new Machine(options)
    const [events, problems]: [RuntimeEvent[], Problem[]] = [[], []]
    const replica = runReplica<number>({
      ...{ store, transport: wrap(this.hub.join(store.self)), clock: this.clock, machine },
      ...{ room: 'room', wanted: undefined, membership: { ...defaultPolicy, voters }, profile: '' },
      ...{ logBytes, role: options.role ?? 'member' },
      report: (problem) => {
        problems.push(problem)
        onProblem?.(problem)
      },
    })
    replica.subscribe((event) => events.push(event))
    const { applied, restored, raised } = machine
    return { id: store.self, replica, disk, applied, restored, raised, events, problems }
  }

  async refound(name: string): Promise<Refounded> {
    const disk = await this.#disks(name)
    const refounded = await refoundStore(disk, bytesFor(`${name} anew`))
    await disk.close()
    return refounded
  }

  async foundFrom(name: string, state: Uint8Array): Promise<boolean> {
    const disk = await this.#disks(name)
    const founding = { room: 'room', nonce, wall: this.clock.wall(), state, version: 1 }
    const founded = await foundStore(disk, bytesFor(`${name} from a state`), founding)
    await disk.close()
    return founded
  }

  async renew(name: string): Promise<void> {
    const disk = await this.#disks(name)
    await renewStore(disk, bytesFor(`${name} as a stranger`))
    await disk.close()
  }

  async form(...names: readonly string[]): Promise<readonly MemoryNode[]> {
    const nodes: MemoryNode[] = []
    for (const name of names) nodes.push(await this.open(name))
    nodes[0]?.replica.found(nonce)
    await this.until(() =>
      nodes.every(({ replica }) => {
        const { phase, voters } = replica.status()
        return phase === 'ready' && voters.length === nodes.length
      }),
    )
    return nodes
  }

  async until(condition: () => boolean, withinMs = 60_000): Promise<void> {
    await settled()
    const deadline = this.clock.now() + withinMs
    while (!condition()) {
      if (this.clock.now() >= deadline) throw new Error(`it did not happen within ${withinMs} ms`)
      await this.clock.advance(50)
    }
  }
}

/** An empty room. `disks`: where its stores are, in memory unless told. */
export const createMemoryWorld = (disks: OpenStorage = memoryStorage()): MemoryWorld =>
  new Room(disks)
