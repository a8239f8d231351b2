/**
 * A canvas below the ring's drawing, for what moves: the page has nothing to lay out or to paint anew for it, as it would have for
 * marks of the drawing. Knows places and colours, no frames.
 */
import { element, setAttribute } from '../element.ts'
import type { FrameClass } from '../frame-class.ts'
import { frameClasses } from '../frame-class.ts'
import { ringBox } from './ring-places.ts'

export interface ArrowPlace {
  /** In the units of the ring's drawing. */
  readonly x: number
  readonly y: number
  /** Where it points to, of length one. */
  readonly alongX: number
  readonly alongY: number
}

export interface LookingArrow extends ArrowPlace {
  readonly look: FrameClass
}

export interface ArrowPaper {
  readonly canvas: HTMLCanvasElement
  paint(arrows: readonly LookingArrow[]): void
}

/** Lights go on and off, and the style sheet is asked no more often for what is a colour. */
const coloursMs = 500

export function createArrowPaper(stage: HTMLElement): ArrowPaper {
  const canvas = element('canvas', { class: 'ring-frames', 'aria-hidden': 'true' })
  const context = canvas.getContext('2d')
  const colourOf = createColours(stage)
  let isClean = true
  let scale = 1
  new ResizeObserver(() => {
    const { clientWidth, clientHeight } = canvas
    scale = (clientWidth / ringBox.width) * devicePixelRatio
    setAttribute(canvas, 'width', Math.round(clientWidth * devicePixelRatio))
    setAttribute(canvas, 'height', Math.round(clientHeight * devicePixelRatio))
  }).observe(canvas)
  return {
    canvas,
    paint(arrows) {
      if (context === null || (isClean && arrows.length === 0)) return
      context.resetTransform()
      context.clearRect(0, 0, canvas.width, canvas.height)
      isClean = arrows.length === 0
      for (const { x, y, alongX, alongY, look } of arrows) {
        const [along, aside] = [alongX * scale, alongY * scale]
        context.setTransform(along, aside, -aside, along, x * scale, y * scale)
        context.fillStyle = colourOf(look)
        context.beginPath()
        context.moveTo(-6, -3.6)
        context.lineTo(5, 0)
        context.lineTo(-6, 3.6)
        context.fill()
      }
    },
  }
}

/** The style sheet's colours for the classes of frames, by day and by night. */
function createColours(stage: HTMLElement): (look: FrameClass) => string {
  const samples = frameClasses.map((look) =>
    element('i', { class: 'ring-frame', 'data-class': look, hidden: true }),
  )
  stage.append(...samples)
  let known = new Map<FrameClass, string>()
  let knownAt = -Infinity
  return (look) => {
    const now = performance.now()
    if (now - knownAt > coloursMs) {
      knownAt = now
      known = new Map(
        frameClasses.map((each, at) => {
          const sample = samples[at] ?? stage
          return [each, getComputedStyle(sample).color]
        }),
      )
    }
    return known.get(look) ?? ''
  }
}
