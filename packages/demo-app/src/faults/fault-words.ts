/** Troubles in words, and the three levels of them. Pure; makes none. */
import type { Inspect } from 'unanimous'

export type Faults = NonNullable<Inspect['faults']>
export type Fault = ReturnType<Faults['list']>[number]

const ways = { in: 'hears nothing from', out: 'is not heard by', both: 'is cut off from' } as const

export function faultWords(fault: Fault, nameOf: (id: string) => string): string {
  if (fault.type === 'signaling-stopped') return 'No signaling server is reached.'
  const whose = fault.peer === undefined ? 'everybody' : nameOf(fault.peer)
  switch (fault.type) {
    case 'cut':
      return `This tab ${ways[fault.direction]} ${whose}.`
    case 'delay':
      return `Messages with ${whose} take ${fault.ms[0]} to ${fault.ms[1]} ms longer.`
    case 'drop':
      return `${percent(fault.share)} of the messages with ${whose} are lost.`
    case 'duplicate':
      return `${percent(fault.share)} of the messages with ${whose} come twice.`
    case 'reorder':
      return `${percent(fault.share)} of the messages with ${whose} come out of order.`
  }
}

const percent = (share: number): string => `${Math.round(share * 100)} %`

export const levels = ['calm', 'storm', 'radioactive'] as const

export type Level = (typeof levels)[number]

interface Weather {
  readonly delayMs: readonly [min: number, max: number]
  readonly drop: number
  readonly duplicate: number
  readonly reorder: number
  /** Now and then a link is cut, one way or both, for a while. */
  readonly cuts: boolean
}

export const weatherOf: Readonly<Record<Level, Weather>> = {
  calm: { delayMs: [0, 0], drop: 0, duplicate: 0, reorder: 0, cuts: false },
  storm: { delayMs: [20, 120], drop: 0.05, duplicate: 0.05, reorder: 0.05, cuts: false },
  radioactive: { delayMs: [20, 250], drop: 0.15, duplicate: 0.1, reorder: 0.15, cuts: true },
}

export const levelWords: Readonly<Record<Level, string>> = {
  calm: 'All links of this tab are as the network has them.',
  storm: 'Messages are late, lost, doubled and out of order.',
  radioactive: 'A storm, and every few seconds a link is cut, one way or both.',
}

export function applyWeather(faults: Faults, level: Level): void {
  const { delayMs, drop, duplicate, reorder } = weatherOf[level]
  faults.heal()
  faults.delay({ ms: delayMs })
  faults.drop({ share: drop })
  faults.duplicate({ share: duplicate })
  faults.reorder({ share: reorder })
}
