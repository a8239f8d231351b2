/**
 * What a server says of peers that it lost, kept for a moment: a page that closes says so over its link as well, and of the
 * two words either may come first. Whose link is open still is asked then.
 */
import type { ReplicaId } from '@unanimous/core'
import type { MeshLimits } from './limits.ts'
import type { Link } from './link.ts'
import type { Timers } from './timers.ts'

interface DoubtParts {
  readonly links: ReadonlyMap<ReplicaId, Pick<Link, 'isUp' | 'probe'>>
  readonly limits: Pick<MeshLimits, 'doubtMs'>
  readonly timers: Timers
  readonly suspect: (peer: ReplicaId) => void
}

export class Doubts {
  readonly #parts: DoubtParts
  readonly #waiting = new Map<ReplicaId, () => void>()

  constructor(parts: DoubtParts) {
    this.#parts = parts
  }

  raise(peer: ReplicaId): void {
    if (this.#waiting.has(peer)) return
    const { limits, timers } = this.#parts
    this.#waiting.set(
      peer,
      timers.after(limits.doubtMs, () => this.#ask(peer)),
    )
  }

  clear(): void {
    for (const cancel of this.#waiting.values()) cancel()
    this.#waiting.clear()
  }

  #ask(peer: ReplicaId): void {
    this.#waiting.delete(peer)
    const link = this.#parts.links.get(peer)
    if (link?.isUp() !== true) return
    this.#parts.suspect(peer)
    link.probe()
  }
}
