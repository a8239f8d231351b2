/**
 * Links between tabs: they come up, go down, delay, lose, repeat and reorder. Knows frames as opaque things and tabs as
 * sockets; who breaks what is for the world's faults.
 */
import type { LinkWish, ReplicaId } from '@unanimous/core/internal'
import type { Agenda } from './agenda.ts'
import type { Range, Rng } from './rng.ts'
import type { WorldOptions } from './world-options.ts'

/** One start of one tab, as the network sees it. */
export interface Socket<Frame> {
  readonly id: ReplicaId
  onFrame(from: ReplicaId, frame: Frame): void
  onLink(peer: ReplicaId, up: boolean): void
}

/** One end of a link. */
interface Side {
  generation: number
  open: boolean
}

interface Pair {
  /** Raised with each link; frames of an older one are gone. */
  generation: number
  /** `opening` carries the attempt, so that an attempt that was overtaken does nothing. */
  state: 'none' | 'opening' | 'open'
  attempt: number
  /** For each class of frames and each direction: when the last one arrives. */
  readonly lastArrival: Map<string, number>
}

export type Priority = 'control' | 'data'

/** What a tab wants, and the links that it chose by it. */
interface Wish {
  readonly wish: LinkWish
  readonly chosen: ReadonlySet<ReplicaId>
}

const lateMs = [1000, 10_000] as const
/** Whoever does not need a link that somebody else made keeps it this long, as the mesh of a page does. */
const visitMs = 5000

export class Network<Frame> {
  readonly #agenda: Agenda
  readonly #rng: Rng
  readonly #options: WorldOptions
  readonly #sockets = new Map<ReplicaId, Socket<Frame>>()
  readonly #pairs = new Map<string, Pair>()
  readonly #sides = new Map<string, Side>()
  readonly #blocked = new Set<string>()
  readonly #muted = new Set<string>()
  /** Directions that differ from the options: the hops on the way. */
  readonly #hops = new Map<string, readonly Range[]>()
  /** Who does not want a link to everybody. */
  readonly #wishes = new Map<ReplicaId, Wish>()
  /** Until when a pair is linked because one of them came in and looked around. */
  readonly #visits = new Map<string, number>()
  /** While false, nothing is lost, repeated or late. */
  noisy = true
  /** Told of each frame that leaves; `isLost`: it will not arrive, as things stand. Changes nothing. */
  tap:
    | ((
        from: ReplicaId,
        to: ReplicaId,
        frame: Frame,
        way: { delayMs: number; isLost: boolean },
      ) => void)
    | undefined

  constructor(agenda: Agenda, rng: Rng, options: WorldOptions) {
    this.#agenda = agenda
    this.#rng = rng
    this.#options = options
  }

  /** A tab starts: links to all who are there come up, though those who want few soon give up what nobody needs. */
  attach(socket: Socket<Frame>): void {
    this.#sockets.set(socket.id, socket)
    for (const [id, { wish, chosen }] of this.#wishes) {
      // It may not have found as many as it wanted.
      if (chosen.size < wish.to.length + wish.others) this.#chooseAnew(id, wish)
    }
    const wantsAll = !this.#wishes.has(socket.id)
    for (const peer of this.#sockets.keys()) {
      if (wantsAll && !this.#isWanted(socket.id, peer)) this.#visit(socket.id, peer)
      this.#reconsider(socket.id, peer)
    }
  }

  #visit(guest: ReplicaId, host: ReplicaId): void {
    const key = pairKey(guest, host)
    this.#visits.set(key, this.#agenda.now + visitMs)
    this.#agenda.after(visitMs, () => {
      if ((this.#visits.get(key) ?? 0) > this.#agenda.now) return
      this.#visits.delete(key)
      if (!this.#isWanted(guest, host)) this.#close(guest, host)
    })
  }

  /** Links that a tab needs: the others go, unless the other end needs them. Undefined: one to everybody. */
  wish(id: ReplicaId, wish: LinkWish | undefined): void {
    const before = this.#wishes.get(id)
    if (before?.wish === wish) return
    if (wish === undefined) this.#wishes.delete(id)
    else this.#wishes.set(id, { wish, chosen: this.#chosenBy(id, wish) })
    const few = before !== undefined && wish !== undefined
    const now = this.#wishes.get(id)?.chosen ?? []
    const peers = few ? new Set([...before.chosen, ...now]) : [...this.#sockets.keys()]
    for (const peer of peers) if (!this.#isWanted(id, peer)) this.#close(id, peer)
    for (const peer of peers) this.#reconsider(id, peer)
  }

  #chooseAnew(id: ReplicaId, wish: LinkWish): void {
    const chosen = this.#chosenBy(id, wish)
    this.#wishes.set(id, { wish, chosen })
    for (const peer of chosen) this.#reconsider(id, peer)
  }

  /** Two that want a link to everybody have one; of others it takes one that needs it, or a visit. */
  #isWanted(a: ReplicaId, b: ReplicaId): boolean {
    if (this.#visits.has(pairKey(a, b))) return true
    const [byA, byB] = [this.#wishes.get(a), this.#wishes.get(b)]
    if (byA === undefined && byB === undefined) return true
    return (byA?.chosen.has(b) ?? false) || (byB?.chosen.has(a) ?? false)
  }

  /** Whom it names, and as many others as it wants: first those with whom it has links, then as chance has it. */
  #chosenBy(id: ReplicaId, { to, others, except }: LinkWish): ReadonlySet<ReplicaId> {
    const chosen = new Set(to)
    if (others === 0) return chosen
    const all = [...this.#sockets.keys()]
    const able = (other: ReplicaId): boolean =>
      other !== id && !to.includes(other) && !except.includes(other)
    const linked = all.filter(
      (other) => able(other) && this.#pairs.get(pairKey(id, other))?.state === 'open',
    )
    for (const other of linked.slice(0, others)) chosen.add(other)
    for (let tries = 0; chosen.size < to.length + others && tries < 4 * others; tries += 1) {
      const other = all.length === 0 ? undefined : all[this.#rng.below(all.length)]
      if (other !== undefined && able(other)) chosen.add(other)
    }
    return chosen
  }

  /** A tab stops. `noticeMs`: when its peers find out; undefined: after the usual while. */
  detach(id: ReplicaId, noticeMs?: number): void {
    this.#sockets.delete(id)
    this.#wishes.delete(id)
    for (const peer of this.#sockets.keys()) {
      this.#side(id, peer).open = false
      this.#close(id, peer, noticeMs)
    }
    for (const [other, { wish, chosen }] of this.#wishes) {
      if (chosen.has(id)) this.#chooseAnew(other, wish)
    }
  }

  /** No link between the two until `unblock`; both notice after a while, or never if `silent`. */
  block(a: ReplicaId, b: ReplicaId, silent: boolean): void {
    this.#blocked.add(pairKey(a, b))
    if (!silent) this.#close(a, b)
  }

  unblock(a: ReplicaId, b: ReplicaId): void {
    this.#blocked.delete(pairKey(a, b))
    this.#reconsider(a, b)
  }

  /** Frames from `from` to `to` vanish until `unmute`; nobody is told. */
  mute(from: ReplicaId, to: ReplicaId): void {
    this.#muted.add(`${from}>${to}`)
  }

  unmute(from: ReplicaId, to: ReplicaId): void {
    this.#muted.delete(`${from}>${to}`)
  }

  /** From now on a frame from `from` to `to` takes these hops, one after the other; none: as the options say. */
  route(from: ReplicaId, to: ReplicaId, hops: readonly Range[]): void {
    if (hops.length === 0) this.#hops.delete(`${from}>${to}`)
    else this.#hops.set(`${from}>${to}`, hops)
  }

  healAll(): void {
    this.#muted.clear()
    this.#blocked.clear()
    const ids = [...this.#sockets.keys()]
    for (const a of ids) for (const b of ids) if (a < b) this.#reconsider(a, b)
  }

  send(from: ReplicaId, to: ReplicaId, packet: { frame: Frame; priority: Priority }): void {
    const side = this.#side(from, to)
    if (!side.open) return
    const { generation } = side
    const rng = this.#rng
    const { lost, duplicated, late } = this.#options
    if (this.noisy && rng.chance(lost, 1000)) return
    const overtaken = this.noisy && rng.chance(this.#options.reordered ?? 0, 1000)
    // One that is overtaken takes twice as long, and does not hold up what comes behind it.
    const delayMs = overtaken
      ? this.#travel(from, to) + this.#travel(from, to)
      : this.#delay(from, to, packet.priority)
    this.tap?.(from, to, packet.frame, { delayMs, isLost: this.#isDead(from, to) })
    this.#carry(from, to, { frame: packet.frame, delayMs, generation })
    if (!this.noisy) return
    if (rng.chance(duplicated, 1000)) {
      const again = delayMs + this.#travel(from, to)
      this.#carry(from, to, { frame: packet.frame, delayMs: again, generation })
    }
    if (rng.chance(late, 1000)) {
      const delay = rng.between(lateMs)
      this.#carry(from, to, { frame: packet.frame, delayMs: delay, generation: undefined })
    }
  }

  #travel(from: ReplicaId, to: ReplicaId): number {
    const hops = this.#hops.get(`${from}>${to}`)
    if (hops === undefined) return this.#rng.between(this.#options.latencyMs)
    return hops.reduce((sum, range) => sum + this.#rng.between(range), 0)
  }

  #delay(from: ReplicaId, to: ReplicaId, priority: Priority): number {
    const delay = this.#travel(from, to)
    if (!this.#options.ordered) return delay
    const { lastArrival } = this.#pair(from, to)
    const key = `${from}.${priority}`
    const at = Math.max(this.#agenda.now + delay, lastArrival.get(key) ?? 0)
    lastArrival.set(key, at)
    return at - this.#agenda.now
  }

  /** `generation` undefined: it comes through whatever link there is then. */
  #carry(
    from: ReplicaId,
    to: ReplicaId,
    {
      frame,
      delayMs,
      generation,
    }: { frame: Frame; delayMs: number; generation?: number | undefined },
  ): void {
    this.#agenda.after(delayMs, () => {
      if (this.#isDead(from, to)) return
      const side = this.#side(to, from)
      if (!side.open || (generation !== undefined && side.generation !== generation)) return
      this.#sockets.get(to)?.onFrame(from, frame)
    })
  }

  #isDead(from: ReplicaId, to: ReplicaId): boolean {
    return this.#muted.has(`${from}>${to}`) || this.#blocked.has(pairKey(from, to))
  }

  #reconsider(a: ReplicaId, b: ReplicaId): void {
    if (a === b || !this.#sockets.has(a) || !this.#sockets.has(b)) return
    if (this.#blocked.has(pairKey(a, b)) || !this.#isWanted(a, b)) return
    const pair = this.#pair(a, b)
    if (pair.state !== 'none') return
    pair.state = 'opening'
    pair.attempt += 1
    const { attempt } = pair
    this.#agenda.after(this.#rng.between(this.#options.linkUpMs), () => {
      if (pair.state !== 'opening' || pair.attempt !== attempt) return
      pair.state = 'open'
      pair.generation += 1
      this.#openSide(a, b, pair.generation)
      this.#openSide(b, a, pair.generation)
    })
  }

  #openSide(at: ReplicaId, peer: ReplicaId, generation: number): void {
    const side = this.#side(at, peer)
    const socket = this.#sockets.get(at)
    if (side.open) socket?.onLink(peer, false)
    side.open = true
    side.generation = generation
    socket?.onLink(peer, true)
  }

  #close(a: ReplicaId, b: ReplicaId, noticeMs?: number): void {
    const pair = this.#pair(a, b)
    const wasOpen = pair.state === 'open'
    pair.state = 'none'
    if (!wasOpen) return
    for (const [at, peer] of [
      [a, b],
      [b, a],
    ] as const) {
      const side = this.#side(at, peer)
      const { generation } = side
      if (!side.open) continue
      this.#agenda.after(noticeMs ?? this.#rng.between(this.#options.linkDownMs), () => {
        if (!side.open || side.generation !== generation) return
        side.open = false
        this.#sockets.get(at)?.onLink(peer, false)
      })
    }
  }

  #pair(a: ReplicaId, b: ReplicaId): Pair {
    const key = pairKey(a, b)
    const known = this.#pairs.get(key)
    if (known !== undefined) return known
    const pair: Pair = { generation: 0, state: 'none', attempt: 0, lastArrival: new Map() }
    this.#pairs.set(key, pair)
    return pair
  }

  #side(at: ReplicaId, peer: ReplicaId): Side {
    const key = `${at}>${peer}`
    const known = this.#sides.get(key)
    if (known !== undefined) return known
    const side: Side = { generation: 0, open: false }
    this.#sides.set(key, side)
    return side
  }
}

const pairKey = (a: ReplicaId, b: ReplicaId): string => (a < b ? `${a}|${b}` : `${b}|${a}`)
