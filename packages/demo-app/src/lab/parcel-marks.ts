/** The frames that are on their way at one moment, as dots on their links. A sample, and slower than they were. Keeps its dots. */
import type { Parcel, Shot } from '@unanimous/simulator'
import { setAttribute } from '../element.ts'
import { drawn, rounded } from '../svg.ts'
import { classOf } from '../frame-class.ts'
import type { Point } from './layout.ts'
import { onTheWay } from './layout.ts'
import { shotMs } from './recording.ts'

const dotsMax = 48
/** A frame of 20 ms would be over before an eye has found it: it is drawn for this long, in time of the watcher. */
const drawnMs = 380
/** Where a frame that does not arrive is last seen. */
const lostAt = 0.55

export interface ParcelMarks {
  readonly layer: SVGGElement
  /** `speed`: how much faster than life the run is shown. */
  show(shots: readonly Shot[], atMs: number, speed: number): void
}

export function createParcelMarks(pointOf: (name: string) => Point | undefined): ParcelMarks {
  const layer = drawn('g', { class: 'parcels', 'aria-hidden': 'true' })
  const dots: SVGCircleElement[] = []
  const dotAt = (at: number): SVGCircleElement => {
    const known = dots[at]
    if (known !== undefined) return known
    const dot = drawn('circle', { class: 'parcel', r: 3.2 })
    layer.append(dot)
    dots.push(dot)
    return dot
  }
  return {
    layer,
    show(shots, atMs, speed) {
      const longMs = Math.max(40, drawnMs * Math.min(speed, 2))
      let used = 0
      const draw = (parcel: Parcel): void => {
        const [from, to] = [pointOf(parcel.from), pointOf(parcel.to)]
        const share = (atMs - parcel.sentMs) / Math.max(longMs, parcel.arrivesMs - parcel.sentMs)
        const isOver = share < 0 || share > (parcel.isLost ? lostAt : 1)
        if (from === undefined || to === undefined || isOver || used >= dotsMax) return
        const dot = dotAt(used)
        used += 1
        const { x, y } = onTheWay(from, to, share, 4)
        setAttribute(dot, 'cx', rounded(x))
        setAttribute(dot, 'cy', rounded(y))
        setAttribute(dot, 'data-class', classOf(parcel.kind))
        setAttribute(dot, 'data-lost', parcel.isLost)
        setAttribute(dot, 'visibility', undefined)
      }
      const last = Math.min(shots.length - 1, Math.floor(atMs / shotMs))
      const first = Math.max(0, Math.floor((atMs - longMs) / shotMs))
      for (let at = last; at >= first; at -= 1)
        for (const each of shots[at]?.parcels ?? []) draw(each)
      for (const dot of dots.slice(used)) setAttribute(dot, 'visibility', 'hidden')
    },
  }
}
