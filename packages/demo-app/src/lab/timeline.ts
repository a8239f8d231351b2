/** A run's windows of 100 ms from left to right: filled where something was decided, marked where the leader changed. */
import { setAttribute } from '../element.ts'
import { drawn } from '../svg.ts'
import type { Recording } from './recording.ts'
import { shotMs } from './recording.ts'

export interface Timeline {
  readonly svg: SVGSVGElement
  show(recording: Recording, runMs: number, atMs: number): void
}

export function createTimeline(): Timeline {
  const good = drawn('path', { class: 'windows-good' })
  const bad = drawn('path', { class: 'windows-bad' })
  const changes = drawn('path', { class: 'windows-changes' })
  const cursor = drawn('rect', { class: 'windows-cursor', y: 0, height: 26, width: 1 })
  const svg = drawn(
    'svg',
    { class: 'windows', preserveAspectRatio: 'none', role: 'img' },
    ...[bad, good, changes, cursor],
  )
  let seen = -1
  let of: unknown
  return {
    svg,
    show({ shots }, runMs, atMs) {
      const count = Math.max(1, Math.ceil(runMs / shotMs))
      setAttribute(svg, 'viewBox', `0 0 ${count} 26`)
      const width = Math.max(count / 360, 0.4)
      setAttribute(cursor, 'width', width)
      setAttribute(cursor, 'x', Math.min(count - width, atMs / shotMs))
      if (of === shots && seen === shots.length) return
      of = shots
      seen = shots.length
      const decided = shots.filter(({ isCommitted }) => isCommitted).length
      const words = `Windows of 100 ms: ${decided} of ${shots.length} decided something.`
      setAttribute(svg, 'aria-label', words)
      setAttribute(
        good,
        'd',
        runs(shots.length, (at) => shots[at]?.isCommitted === true, 8, 18),
      )
      setAttribute(
        bad,
        'd',
        runs(shots.length, (at) => shots[at]?.isCommitted === false, 14, 12),
      )
      const isChange = (at: number): boolean =>
        (shots[at]?.changes ?? 0) > (shots[at - 1]?.changes ?? 0)
      setAttribute(changes, 'd', runs(shots.length, isChange, 0, 6))
    },
  }
}

/** One box for each row of neighbours that are so. */
function runs(count: number, isSo: (at: number) => boolean, y: number, height: number): string {
  const boxes: string[] = []
  let from: number | undefined
  for (let at = 0; at <= count; at += 1) {
    if (at < count && isSo(at)) from ??= at
    else if (from !== undefined) {
      boxes.push(`M${from} ${y}h${at - from}v${height}h${from - at}z`)
      from = undefined
    }
  }
  return boxes.join('')
}
