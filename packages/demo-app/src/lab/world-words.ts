/** A run in words: its figures, its verdict. Pure. */
import type { Judgement, Protocol } from '@unanimous/simulator'
import { figureOf } from '@unanimous/simulator'
import type { Ending, SoFar } from './recording.ts'

export interface Figure {
  readonly key: string
  readonly title: string
  readonly soFar: string
  readonly whole: string
}

const percent = (value: number | undefined): string =>
  value === undefined ? '–' : `${(Math.round(value * 10) / 10).toFixed(1)} %`
const seconds = (ms: number | undefined): string =>
  ms === undefined ? '–' : `${(ms / 1000).toFixed(3)} s`
const count = (value: number | undefined): string => value?.toLocaleString('en') ?? '–'

export function figuresOf(soFar: SoFar | undefined, ending: Ending | undefined): readonly Figure[] {
  return [
    {
      key: 'committed',
      title: 'Windows with a decision',
      soFar: percent(soFar?.committed),
      whole: percent(ending?.committed),
    },
    {
      key: 'stall',
      title: 'Longest stall',
      soFar: soFar === undefined ? '–' : `${(soFar.stallMs / 1000).toFixed(1)} s`,
      whole: seconds(ending?.stallMs),
    },
    {
      key: 'changes',
      title: 'Leader changes',
      soFar: count(soFar?.changes),
      whole: count(ending?.changes),
    },
    {
      key: 'handovers',
      title: 'Planned hand-overs',
      soFar: count(soFar?.handovers),
      whole: count(ending?.handovers),
    },
    {
      key: 'decided',
      title: 'Entries decided',
      soFar: count(soFar?.decided),
      whole: count(ending?.decided),
    },
    { key: 'violations', title: 'Rules broken', soFar: '', whole: count(ending?.violations) },
  ]
}

export interface Verdict {
  readonly tone: 'good' | 'bad' | 'busy'
  readonly line: string
  readonly small: string
}

export function verdictOf(ending: Ending | undefined, knownMs: number, runMs: number): Verdict {
  if (ending === undefined) {
    if (knownMs >= runMs && runMs > 0) {
      return { tone: 'busy', line: 'Checking', small: 'that what every caller saw fits one order' }
    }
    const share = runMs === 0 ? 0 : Math.floor((knownMs * 100) / runMs)
    return { tone: 'busy', line: 'Running', small: `${share} % of the run is computed` }
  }
  if (ending.violation !== undefined) {
    return { tone: 'bad', line: 'Broke a rule', small: ending.violation.split('\n')[0] ?? '' }
  }
  const failed = ending.judgements.filter(({ met }) => !met)
  const small =
    `${percent(ending.committed)} of the windows decided, ` +
    `${count(ending.changes)} leader ${ending.changes === 1 ? 'change' : 'changes'}`
  return failed.length > 0
    ? { tone: 'bad', line: 'Fails here', small }
    : { tone: 'good', line: 'Holds', small }
}

export const judgementWords = (judgement: Judgement): string =>
  `${judgement.met ? '✓' : '✗'} ${judgement.text} (${figureOf(judgement)})`

export const unitOf = (protocol: Protocol): string =>
  protocol.startsWith('raft') ? 'term' : 'ballot'

/** `12.3 s`. */
export const clockWords = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
