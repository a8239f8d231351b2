/**
 * Which links a mesh keeps while the replica does not need one to everybody: those that it names, and a few others to choose from.
 * What nobody needs rests after a while; either end may wake it. Knows peers and moments; how a link rests is link-step.ts.
 */
import type { LinkWish, ReplicaId } from '@unanimous/core'
import type { Link } from './link.ts'
import { restAfterMs } from './limits.ts'
import type { Timers } from './timers.ts'

export interface LinkWishParts {
  readonly links: ReadonlyMap<ReplicaId, Pick<Link, 'snapshot' | 'isUp' | 'rest' | 'wake'>>
  readonly timers: Timers
}

export class LinkKeeper {
  readonly #parts: LinkWishParts
  #wish: LinkWish | undefined
  #waits = false

  constructor(parts: LinkWishParts) {
    this.#parts = parts
  }

  /** A link to it is wanted as soon as it is there. */
  wants(peer: ReplicaId): boolean {
    return this.#wish === undefined || this.#wish.to.includes(peer)
  }

  wish(wish: LinkWish | undefined): void {
    const before = this.#wish
    this.#wish = wish
    if (wish === undefined && before !== undefined) {
      for (const link of this.#parts.links.values()) link.wake()
    }
    this.look()
  }

  /** Something in the room or in a link has changed: wakes what is needed, and lets rest what is not. */
  look(): void {
    const { links, timers } = this.#parts
    const wish = this.#wish
    if (wish === undefined) return
    const needed = neededOf(
      wish,
      [...links.keys()].sort(),
      (peer) => links.get(peer)?.isUp() === true,
    )
    let waits = false
    for (const [peer, link] of [...links]) {
      if (needed.has(peer)) link.wake()
      else if (isIdle(link)) continue
      else if (timers.now() - link.snapshot().since >= restAfterMs) link.rest()
      else waits = true
    }
    if (!waits || this.#waits) return
    this.#waits = true
    timers.after(restAfterMs, () => {
      this.#waits = false
      this.look()
    })
  }
}

const isIdle = (link: Pick<Link, 'snapshot'>): boolean => {
  const { phase } = link.snapshot()
  return phase.state === 'waiting' && phase.retryAt === undefined
}

/** Those that are named; and of the others those that are up before those that would have to be made. */
export function neededOf(
  { to, others, except }: LinkWish,
  peers: readonly ReplicaId[],
  isUp: (peer: ReplicaId) => boolean,
): ReadonlySet<ReplicaId> {
  const able = peers.filter((peer) => !to.includes(peer) && !except.includes(peer))
  const order = [...able.filter(isUp), ...able.filter((peer) => !isUp(peer))]
  return new Set([...to, ...order.slice(0, others)])
}
