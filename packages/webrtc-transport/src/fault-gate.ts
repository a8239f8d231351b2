/**
 * Where whole messages suffer what the plan says: between the links and whoever sends and hears. The frames by which a
 * link knows that it lives go past it, so that a cut in one direction stays a cut in one direction: a real one takes the
 * other direction along after a few seconds, and nobody above the link could be tested with it.
 */
import type { ReplicaId } from '@unanimous/core'
import { trackOf, type FaultPlan, type Track } from './fault-plan.ts'
import type { Timers } from './timers.ts'

/** Messages of one peer in one direction that may be held back; beyond it they are lost, as if the plan said so. */
const heldMax = 4096
/** One that waits to be overtaken waits no longer than this. */
const overtakenMsMax = 100

/** Hands a message on. False: nobody takes it. */
export type Pass = () => boolean

interface Held {
  readonly at: number
  readonly pass: Pass
}

/** The messages of one peer in one direction that are held back, in the order in which they will come. */
interface Lane {
  held: Held[]
  lastAt: number
  /** To be overtaken by the next one. */
  parked: Held | undefined
  cancel: (() => void) | undefined
}

export interface GateParts {
  readonly timers: Timers
  /** In [0, 1). */
  readonly chance: () => number
  readonly plan: () => FaultPlan
}

export class FaultGate {
  readonly #parts: GateParts
  readonly #lanes = new Map<string, Lane>()

  constructor(parts: GateParts) {
    this.#parts = parts
  }

  /** What `pass` says, if the message goes on at once; true if it goes on later, or is lost where nobody sees it. */
  let(direction: 'in' | 'out', peer: ReplicaId, pass: Pass): boolean {
    const { plan: planNow, timers } = this.#parts
    const plan = planNow()
    const key = `${direction} ${peer}`
    const lane = this.#lanes.get(key)
    if (plan.size === 0 && lane === undefined) return pass()
    const track = trackOf(plan, peer, direction)
    if (track.cut || this.#hits(track.drop)) return true
    const copies = this.#hits(track.duplicate) ? 2 : 1
    const at = Math.max(timers.now() + this.#delay(track), lane?.lastAt ?? 0)
    const parks = this.#hits(track.reorder)
    if (copies === 1 && !parks && lane === undefined && at <= timers.now()) return pass()
    this.#hold(key, { at, pass }, { copies, parks })
    return true
  }

  #hold(
    key: string,
    held: Held,
    { copies, parks }: { readonly copies: number; readonly parks: boolean },
  ): void {
    const lane = this.#lanes.get(key) ?? {
      held: [],
      lastAt: 0,
      parked: undefined,
      cancel: undefined,
    }
    this.#lanes.set(key, lane)
    if (lane.held.length + copies > heldMax) return
    const overtaken = lane.parked
    lane.parked = undefined
    if (parks) lane.parked = { ...held, at: held.at + overtakenMsMax }
    else for (let copy = 0; copy < copies; copy++) lane.held.push(held)
    if (overtaken !== undefined) lane.held.push({ ...overtaken, at: held.at })
    lane.lastAt = held.at
    this.#schedule(key, lane)
  }

  #schedule(key: string, lane: Lane): void {
    const { timers } = this.#parts
    lane.cancel?.()
    lane.cancel = undefined
    const next = lane.held[0]?.at ?? lane.parked?.at
    if (next === undefined) {
      this.#lanes.delete(key)
      return
    }
    lane.cancel = timers.after(Math.max(0, next - timers.now()), () => this.#release(key, lane))
  }

  #release(key: string, lane: Lane): void {
    const now = this.#parts.timers.now()
    const due: Held[] = []
    while (lane.held[0] !== undefined && lane.held[0].at <= now) due.push(...lane.held.splice(0, 1))
    if (lane.held.length === 0 && lane.parked !== undefined && lane.parked.at <= now) {
      due.push(lane.parked)
      lane.parked = undefined
    }
    this.#schedule(key, lane)
    for (const { pass } of due) pass()
  }

  #hits(share: number): boolean {
    return share > 0 && this.#parts.chance() < share
  }

  #delay({ delayMs: [min, max] }: Track): number {
    return max <= 0 ? 0 : min + this.#parts.chance() * (max - min)
  }
}
