/** Lets a run go on, window by window, and gives the camera a shot of each. Knows the stage; draws nothing. */
import type { ReplicaId } from '@unanimous/core/internal'
import type { Camera, Parcel, Passing } from './film.ts'
import { sampleOf } from './film.ts'
import type { Meter } from './meter.ts'
import { windowMs } from './meter.ts'
import type { Mileage } from './mileage.ts'
import type { Direction } from './scenario.ts'
import type { Stage } from './stage.ts'
import type { Story } from './story.ts'
import type { Topology } from './topology.ts'

export interface Scenery {
  readonly stage: Stage
  readonly topology: Topology
  readonly meter: Meter
  readonly story: Story
  readonly mileage: Mileage
}

/** `zeroMs`: when time 0 is, by the stage's agenda. */
export interface Reel {
  readonly zeroMs: number
  readonly runMs: number
  readonly camera: Camera
}

export function rollFilm(scenery: Scenery, { zeroMs, runMs, camera }: Reel): void {
  const { stage, meter, story } = scenery
  const { agenda } = stage
  const frames: Parcel[] = []
  stage.watchFrames((passing) => {
    if (agenda.now < zeroMs) return
    scenery.mileage.count(passing)
    frames.push(parcelOf(passing, stage, agenda.now - zeroMs))
  })
  const upNow = onlyChanges(scenery.topology)
  let told = 0
  for (let endMs = windowMs; endMs - windowMs < runMs; endMs += windowMs) {
    agenda.runUntil(zeroMs + Math.min(endMs, runMs))
    camera({
      endMs,
      isCommitted: meter.windows[endMs / windowMs - 1] ?? false,
      glimpses: stage.glimpses(),
      up: upNow(),
      parcels: sampleOf(frames.splice(0)),
      story: story.lines.slice(told),
      changes: meter.changes,
      handovers: meter.handovers,
      decided: stage.decided(),
    })
    told = story.lines.length
  }
}

/** The same array until a direction comes or goes. */
function onlyChanges(topology: Topology): () => readonly Direction[] {
  let last: readonly Direction[] = []
  let lastKey: string | undefined
  return () => {
    const up = topology.up()
    const key = up.map(({ from, to }) => `${from}>${to}`).join(' ')
    if (key !== lastKey) [last, lastKey] = [up, key]
    return last
  }
}

function parcelOf({ from, to, kind, delayMs, isLost }: Passing, stage: Stage, at: number): Parcel {
  const nameOf = (id: ReplicaId): string => stage.nameOf(id)
  return {
    ...{ from: nameOf(from), to: nameOf(to), kind, sentMs: at },
    ...{ arrivesMs: at + delayMs, isLost },
  }
}
