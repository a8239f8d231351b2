/**
 * Frames that this tab really sent and received, as arrows on the ring: a sample, since there are hundreds a second. Knows
 * the trace; decides nothing, and paints on whatever it is given.
 */
import type { Inspect } from 'unanimous'
import { classOf } from '../frame-class.ts'
import type { ArrowPaper, ArrowPlace } from './arrow-paper.ts'
import type { Spot } from './ring-places.ts'

type TraceEvent = ReturnType<Inspect['trace']['recent']>[number]
type FrameEvent = Extract<TraceEvent, { readonly type: 'sent' | 'received' }>

/** For so long an arrow is under way, however fast the frame was: an eye needs it. */
const shownMs = 520
/** Of one kind on one link in one direction, no more than one arrow in this while. */
const pauseMs = 240
const arrowsMax = 32
/** A relayed frame shows its way for so long. */
const viaMs = 4_000

interface Arrow {
  readonly way: readonly string[]
  readonly kind: string
  readonly bornAt: number
}

export interface RingFrames {
  take(event: TraceEvent): void
  /** Draws what is under way now. False: nothing is, and nothing needs to be drawn until the next frame comes. */
  draw(now: number, spotOf: (id: string) => Spot | undefined): boolean
  /** Nothing is under way any more. */
  clear(): void
  /** Through whom frames to this tab went lately. */
  viaOf(id: string): readonly string[]
}

export function createRingFrames(me: string, paper: ArrowPaper): RingFrames {
  const last = new Map<string, number>()
  const vias = new Map<string, { readonly at: number; readonly way: readonly string[] }>()
  let arrows: Arrow[] = []
  return {
    take(event) {
      if (event.type !== 'sent' && event.type !== 'received') return
      const now = performance.now()
      const way = wayOf(event, me)
      const far = event.type === 'sent' ? way.at(-1) : way[0]
      if (way.length > 2 && far !== undefined) vias.set(far, { at: now, way: way.slice(1, -1) })
      const key = `${event.type} ${event.peer} ${event.kind}`
      if (now - (last.get(key) ?? -Infinity) < pauseMs || arrows.length >= arrowsMax) return
      last.set(key, now)
      arrows.push({ way, kind: way.length > 2 ? 'relayed' : event.kind, bornAt: now })
    },
    draw(now, spotOf) {
      arrows = arrows.filter(({ bornAt }) => now - bornAt < shownMs)
      paper.paint(
        arrows.flatMap(({ way, kind, bornAt }) => {
          const spots = way.flatMap((id) => spotOf(id) ?? [])
          const place = placeOn(spots, (now - bornAt) / shownMs)
          return place === undefined ? [] : [{ ...place, look: classOf(kind) }]
        }),
      )
      return arrows.length > 0
    },
    clear() {
      arrows = []
      paper.paint([])
    },
    viaOf(id) {
      const via = vias.get(id)
      return via === undefined || performance.now() - via.at > viaMs ? [] : via.way
    },
  }
}

function wayOf({ type, peer, path }: FrameEvent, me: string): readonly string[] {
  if (path !== undefined && path.length > 2) return path
  return type === 'sent' ? [me, peer] : [peer, me]
}

/** A little beside the line, so that both directions are seen. */
const asideUnits = 5

function placeOn(way: readonly Spot[], share: number): ArrowPlace | undefined {
  const legs = way.length - 1
  if (legs < 1) return undefined
  const leg = Math.min(legs - 1, Math.floor(share * legs))
  const [from, to] = [way[leg], way[leg + 1]]
  if (from === undefined || to === undefined) return undefined
  const part = 0.12 + 0.76 * (share * legs - leg)
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = Math.max(1, Math.hypot(dx, dy))
  const [alongX, alongY] = [dx / length, dy / length]
  return {
    x: from.x + dx * part + alongY * asideUnits,
    y: from.y + dy * part - alongX * asideUnits,
    alongX,
    alongY,
  }
}
