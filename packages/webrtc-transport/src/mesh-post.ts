/**
 * Signals that members carry for each other, so that no server is needed by who is inside: which members are reached
 * through which, and what is passed on. A signal is sealed, so a carrier can drop it and nothing else. Each is sent along
 * all ways; the first copy counts, and since links keep order, first copies come in the order in which they were sent.
 */
import type { ReplicaId } from '@unanimous/core'
import { fullAllowance, taken, type Allowance } from './backoff.ts'
import { fromBase64, toBase64 } from './base64.ts'
import type { PostFrame, Relay } from './framing.ts'
import { announcedMax, relayedMax, relayPace, relayTtl, sealedBytesMax } from './limits.ts'

/** Of a sealed signal: no two have the same. */
const nameBytes = 24

export interface PostParts {
  readonly self: ReplicaId
  readonly now: () => number
  /** Those with whom we have links that are up, sorted. */
  readonly neighbours: () => readonly ReplicaId[]
  readonly say: (to: ReplicaId, frame: PostFrame) => void
  /** A signal for us. */
  readonly onSignal: (from: ReplicaId, sealed: string) => void
  /** A member can be reached through others, or cannot any more. */
  readonly onReach: (peer: ReplicaId, reached: boolean) => void
}

export class MeshPost {
  readonly #parts: PostParts
  readonly #announced = new Map<ReplicaId, ReadonlySet<ReplicaId>>()
  readonly #allowances = new Map<ReplicaId, Allowance>()
  readonly #passed = new Set<string>()
  #announcing = false

  constructor(parts: PostParts) {
    this.#parts = parts
  }

  /** Whether somebody with whom we have a link has one with that peer. */
  reaches(peer: ReplicaId): boolean {
    return [...this.#announced.values()].some((peers) => peers.has(peer))
  }

  /** A link came up or went down: all neighbours are told, once this turn is over. */
  changed(): void {
    if (this.#announcing) return
    this.#announcing = true
    queueMicrotask(() => {
      this.#announcing = false
      const { neighbours, say } = this.#parts
      const all = neighbours()
      for (const to of all) {
        say(to, { kind: 'peers', peers: all.filter((peer) => peer !== to).slice(0, announcedMax) })
      }
    })
  }

  /** A link went down: what its other end said does not hold any more. */
  gone(neighbour: ReplicaId): void {
    this.#allowances.delete(neighbour)
    this.#replace(neighbour, undefined)
    this.changed()
  }

  /** Sends a sealed signal through those that may bring it there. False: nobody may. */
  send(to: ReplicaId, sealed: string): boolean {
    const bytes = fromBase64(sealed)
    if (bytes === undefined || bytes.length > sealedBytesMax || !this.reaches(to)) return false
    const { self, neighbours, say } = this.#parts
    const frame: Relay = { kind: 'relay', ttl: relayTtl, from: self, to, sealed: bytes }
    this.#isNew(frame)
    for (const neighbour of neighbours()) say(neighbour, frame)
    return true
  }

  received(neighbour: ReplicaId, frame: PostFrame): void {
    if (frame.kind === 'peers') this.#replace(neighbour, new Set(frame.peers))
    else this.#onRelay(neighbour, frame)
  }

  #onRelay(neighbour: ReplicaId, frame: Relay): void {
    const { self, neighbours, say, onSignal, now } = this.#parts
    const before = this.#allowances.get(neighbour) ?? fullAllowance(relayPace, now())
    const allowance = taken(before, relayPace, now())
    if (allowance === undefined || frame.from === self || !this.#isNew(frame)) return
    this.#allowances.set(neighbour, allowance)
    if (frame.to === self) {
      onSignal(frame.from, toBase64(frame.sealed))
      return
    }
    if (frame.ttl === 0) return
    const next = { ...frame, ttl: Math.min(frame.ttl, relayTtl) - 1 }
    const others = neighbours().filter((other) => other !== neighbour && other !== frame.from)
    // Whoever has a link with the reader needs no help from others.
    const ways = others.includes(frame.to) ? [frame.to] : others
    for (const way of ways) say(way, next)
  }

  #isNew({ from, sealed }: Relay): boolean {
    const name = `${from} ${toBase64(sealed.subarray(0, nameBytes))}`
    if (this.#passed.has(name)) return false
    this.#passed.add(name)
    for (const oldest of this.#passed) {
      if (this.#passed.size <= relayedMax) break
      this.#passed.delete(oldest)
    }
    return true
  }

  #replace(neighbour: ReplicaId, peers: ReadonlySet<ReplicaId> | undefined): void {
    const { self, onReach } = this.#parts
    const before = this.#announced.get(neighbour) ?? new Set<ReplicaId>()
    const touched = [...new Set([...before, ...(peers ?? [])])].filter((peer) => peer !== self)
    const reachedBefore = new Set(touched.filter((peer) => this.reaches(peer)))
    if (peers === undefined) this.#announced.delete(neighbour)
    else this.#announced.set(neighbour, peers)
    for (const peer of touched.sort()) {
      const reached = this.reaches(peer)
      if (reached !== reachedBefore.has(peer)) onReach(peer, reached)
    }
  }
}
