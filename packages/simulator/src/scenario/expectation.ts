/** Whether what was expected came about. Knows figures, not how they were measured. */
import type { Meter } from './meter.ts'
import type { Expectation } from './scenario.ts'

export interface Judgement {
  readonly text: string
  /** Percent, milliseconds or a count, as the metric has it. */
  readonly value: number
  readonly met: boolean
  /** `awaiting`: it waits for what the product does not have yet, whether it holds already or not. */
  readonly state: 'met' | 'failed' | 'awaiting'
  /** What it waits for. */
  readonly awaits: string | undefined
}

export function judge(expectation: Expectation, meter: Meter, violations: number): Judgement {
  const { text, awaits, comparison, value: bound } = expectation
  const value = measured(expectation, meter, violations)
  const met =
    comparison === '=' ? value === bound : comparison === '>=' ? value >= bound : value <= bound
  const state = awaits !== undefined ? 'awaiting' : met ? 'met' : 'failed'
  return { text, value, met, state, awaits }
}

function measured(
  { metric, afterMs, from }: Expectation,
  meter: Meter,
  violations: number,
): number {
  switch (metric) {
    case 'committed':
      return meter.committed(afterMs)
    case 'stall':
      return meter.stall(afterMs)
    case 'answered':
      return meter.answeredShare(afterMs, from)
    case 'behind':
      return meter.audience.behind(afterMs, from)
    case 'changes':
      return meter.changes
    case 'handovers':
      return meter.handovers
    case 'violations':
      return violations
  }
}

/** The figure as people write it. */
export function figureOf({ text, value }: Judgement): string {
  const [metric] = text.split(' ')
  if (metric === 'committed' || metric === 'answered') return `${value.toFixed(1)} %`
  const isTime = metric === 'stall' || metric === 'behind'
  return isTime ? `${(value / 1000).toFixed(1)} s` : String(value)
}
