/** Meshes in one memory: their time, their network, their servers, and what each of them was told. */
import type { Keys, ReplicaId } from '@unanimous/core'
import { MeshFaults } from '../faults.ts'
import { fromHex, toHex } from '../hex.ts'
import { meshLimits, type MeshLimits } from '../limits.ts'
import type { MeshProblem } from '../mesh-problem.ts'
import { WebRtcMesh } from '../mesh.ts'
import { ManualTimers } from './manual-timers.ts'
import { MemoryNetwork } from './memory-network.ts'
import { MemoryServer } from './memory-server.ts'

/** A peer id out of one hex digit. */
export const idOf = (digit: string): ReplicaId => digit.repeat(32) as ReplicaId

/** Keys that are as long as real ones and cost nothing; what two of them agree on is no secret. */
const keysOf = (id: ReplicaId): Keys => {
  const publicKey = fromHex(id + id)
  return { publicKey, agree: (other) => publicKey.map((byte, at) => byte ^ (other[at] ?? 0)) }
}

export interface Inhabitant {
  readonly id: ReplicaId
  readonly mesh: WebRtcMesh
  /** `b up`, `b down`, `b 5` for a message of five bytes, in order. */
  readonly told: string[]
  readonly messages: { readonly from: ReplicaId; readonly bytes: Uint8Array }[]
  readonly problems: MeshProblem[]
  /** Peers that a server lost while their link was up. */
  readonly suspected: ReplicaId[]
  readonly faults: MeshFaults
}

export interface InhabitantOptions {
  readonly limits?: Partial<MeshLimits>
  readonly wireVersion?: number
  readonly urls?: readonly string[]
  /** The byte of which the group's key is made. Default 7. */
  readonly groupKey?: number
  /** Keys that are not those of the id, though they say so. */
  readonly keys?: Partial<Keys>
  /** What the others call it when channels are cut; the digit, unless it is another page of the same peer. */
  readonly owner?: string
  /** Default true: the replica has called `start`. */
  readonly started?: boolean
}

export class MeshWorld {
  readonly timers: ManualTimers = new ManualTimers()
  readonly network: MemoryNetwork = new MemoryNetwork(this.timers)
  readonly #servers = new Map<string, MemoryServer>()
  /** By which faults choose. */
  chance: () => number = () => 0.5
  #nonces = 0

  server(url = 'first'): MemoryServer {
    const server = this.#servers.get(url) ?? new MemoryServer(this.timers)
    this.#servers.set(url, server)
    return server
  }

  /** A mesh that is not opened. */
  inhabitant(digit: string, options: InhabitantOptions = {}): Inhabitant {
    const told: string[] = []
    const messages: Inhabitant['messages'][number][] = []
    const problems: MeshProblem[] = []
    const suspected: ReplicaId[] = []
    const id = idOf(digit)
    const faults = new MeshFaults({
      chance: () => this.chance(),
      timers: this.timers,
      onThrown: (cause) => problems.push({ type: 'callback-threw', cause }),
    })
    const mesh = new WebRtcMesh({
      identity: {
        keys: { ...keysOf(id), ...options.keys },
        groupKey: new Uint8Array(32).fill(options.groupKey ?? 7),
        idOf: (publicKey) => toHex(publicKey.subarray(0, 16)) as ReplicaId,
      },
      room: 'room',
      signal: options.urls ?? ['first'],
      ice: () => ({}),
      limits: meshLimits(options.limits),
      wireVersion: options.wireVersion ?? 1,
      report: (problem) => problems.push(problem),
      onSecret: (peer, secret) => inhabitant.told.push(`${peer.charAt(0)} secret ${secret}`),
      suspect: (peer) => suspected.push(peer),
      random: () => 0.5,
      drawNonce: () => (++this.#nonces).toString(16).padStart(16, '0'),
      randomBytes: (length) => fromHex((++this.#nonces).toString(16).padStart(2 * length, '0')),
      timers: this.timers,
      openChannel: faults.channels(this.network.channelsOf(options.owner ?? digit)),
      openSocket: faults.sockets((url, events) => this.server(url).openSocket(url, events)),
      gate: faults.gate,
    })
    const inhabitant: Inhabitant = { id, mesh, told, messages, problems, suspected, faults }
    if (options.started !== false) start(inhabitant)
    return inhabitant
  }

  /** Opened, and in the room unless servers fail. */
  async opened(digit: string, options: InhabitantOptions = {}): Promise<Inhabitant> {
    const inhabitant = this.inhabitant(digit, options)
    inhabitant.mesh.open()
    await this.timers.advance(10)
    return inhabitant
  }

  /** Linked with each other. */
  async linked(
    first: string,
    second: string,
    limits: Partial<MeshLimits> = {},
  ): Promise<[Inhabitant, Inhabitant]> {
    const a = await this.opened(first, { limits })
    const b = await this.opened(second, { limits })
    await this.timers.advance(50)
    if (!a.told.includes(`${second} up`)) throw new Error('they did not connect')
    return [a, b]
  }
}

/** As the replica does. */
export function start({ mesh, told, messages }: Inhabitant): void {
  mesh.start({
    onLink: (peer, state) => told.push(`${peer.charAt(0)} ${state}`),
    onMessage: (from, bytes) => {
      told.push(`${from.charAt(0)} ${bytes.length}`)
      messages.push({ from, bytes })
    },
  })
}
