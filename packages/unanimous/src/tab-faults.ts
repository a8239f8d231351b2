/** The troubles that a tab makes for itself: checks what is asked for and hands it to the mesh, or blocks the thread. */
import { isReplicaId } from '@unanimous/core'
import type { FaultDirection } from '@unanimous/webrtc-transport'
import { MeshFaults } from '@unanimous/webrtc-transport'
import { BadOption } from './errors.ts'
import type { FaultAim, Faults } from './faults.ts'
import type { MemberId } from './machine.ts'
import { seededRandom } from './seeded-random.ts'

/** Longer than any time-out that one could want to see pass. */
const stallMsMax = 60_000
const delayMsMax = 60_000
const directions: readonly FaultDirection[] = ['in', 'out', 'both']

export const createMeshFaults = (): MeshFaults =>
  new MeshFaults({ chance: seededRandom('faults'), onThrown: (cause) => reportError(cause) })

export interface FaultsOfTab {
  /** Monotonic milliseconds, which go on while the thread is blocked. */
  readonly now: () => number
  /** Deletes the store; undefined: it is in memory. */
  readonly wipe: () => Promise<void> | undefined
}

export function createFaults(mesh: MeshFaults, { now, wipe }: FaultsOfTab): Faults {
  const share = (kind: 'drop' | 'duplicate' | 'reorder') => {
    return (options: FaultAim & { readonly share: number }): void => {
      const part = checked(options.share, 1, `The share of \`${kind}\``)
      mesh.set(aimOf(options), { [kind]: part })
    }
  }
  return Object.freeze({
    cut: (peer: MemberId, options: { readonly direction?: FaultDirection } = {}) => {
      mesh.set(aimOf({ ...options, peer }), { cut: true })
    },
    heal: (peer?: MemberId) => {
      mesh.heal(peer === undefined ? undefined : checkedPeer(peer))
    },
    delay: (options: Parameters<Faults['delay']>[0]) => {
      const [min, max] = options.ms
      checked(max, delayMsMax, 'The longest delay')
      mesh.set(aimOf(options), { delayMs: [checked(min, max, 'The shortest delay'), max] })
    },
    drop: share('drop'),
    duplicate: share('duplicate'),
    reorder: share('reorder'),
    stall: (ms: number) => {
      const until = now() + checked(ms, stallMsMax, 'A stall')
      while (now() < until);
    },
    wipe: () =>
      wipe() ??
      Promise.reject(new BadOption('A store in memory is gone with its page, no sooner.')),
    breakLink: (peer: MemberId) => {
      mesh.breakLink(checkedPeer(peer))
    },
    stopSignaling: () => {
      mesh.stopSignaling()
    },
    startSignaling: () => {
      mesh.startSignaling()
    },
    seed: (seed: string) => {
      mesh.reseed(seededRandom(seed))
    },
    list: () => mesh.list(),
    subscribe: (listener: () => void) => mesh.subscribe(listener),
  })
}

function aimOf({ peer, direction = 'both' }: FaultAim): Parameters<MeshFaults['set']>[0] {
  if (!directions.includes(direction)) {
    throw new BadOption('The direction of a fault is `in`, `out` or `both`.')
  }
  return { peer: peer === undefined ? undefined : checkedPeer(peer), direction }
}

function checkedPeer(peer: string): MemberId {
  if (!isReplicaId(peer)) throw new BadOption('A fault needs the id of a member.')
  return peer
}

function checked(value: number, max: number, what: string): number {
  if (!(value >= 0 && value <= max)) {
    throw new BadOption(`${what} must be a number from 0 to ${max}.`)
  }
  return value
}
