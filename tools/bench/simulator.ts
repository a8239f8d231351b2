/** How fast the simulator runs, with its checks and without them; the same world both times. */
import type { Speed } from '@unanimous/simulator'
import { measureSpeed } from '@unanimous/simulator'

export interface SpeedRatio extends Speed {
  /** Simulated over real time. */
  readonly ratio: number
}

export interface SimulatorSpeed {
  readonly bare: SpeedRatio
  readonly checked: SpeedRatio
}

const seconds = { quick: 30, full: 240 } as const

export function measureSimulator(size: keyof typeof seconds): SimulatorSpeed {
  const clock = (): number => performance.now()
  const measure = (checked: boolean): SpeedRatio => {
    const speed = measureSpeed(seconds[size], { checked, clock })
    return { ...speed, ratio: speed.simulatedSeconds / speed.realSeconds }
  }
  // The first run compiles what both need.
  measureSpeed(5, { checked: true, clock })
  return { bare: measure(false), checked: measure(true) }
}
