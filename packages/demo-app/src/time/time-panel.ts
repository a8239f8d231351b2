/**
 * Going back over what happened in a tab: moment by moment, each in a sentence, with the ring as it was; to a file and from one.
 * Changes no group.
 */
import type { GroupStatus, Inspect, MemberId } from 'unanimous'
import { byId, setAttribute, setText } from '../element.ts'
import { saveFile } from '../saved-file.ts'
import { pastAt } from './past.ts'
import type { Past, Teller } from './past.ts'
import type { TraceEvent } from './trace-words.ts'
import { isMoment, momentWords, readTrace } from './trace-words.ts'

export interface TimeParts {
  readonly me: MemberId
  readonly trace: Inspect['trace']
  readonly status: () => GroupStatus
  readonly nameOf: (id: string) => string
  /** The ring shows this from now on; undefined: what is now. */
  readonly rewind: (past: Past | undefined) => void
}

export function createTimePanel({ me, trace, status, nameOf, rewind }: TimeParts): void {
  const slider = byId('time-slider')
  const live = byId('time-live')
  if (!(slider instanceof HTMLInputElement)) return
  let events: readonly TraceEvent[] = []
  let moments: readonly TraceEvent[] = []
  let isLive = true
  /** Whose moments these are; undefined: nobody can say. */
  let teller: (() => Teller) | undefined
  const show = (): void => {
    const at = Math.min(moments.length - 1, Number(slider.value))
    const moment = moments[at]
    setAttribute(live, 'disabled', isLive)
    rewind(
      isLive || moment === undefined || teller === undefined
        ? undefined
        : pastAt(events, moment.at, teller()),
    )
    if (moment === undefined) return setText(byId('time-words'), 'Nothing has happened yet.')
    const clock = new Date(moment.at).toLocaleTimeString()
    setText(byId('time-words'), wordsOf(moment, nameOf))
    setText(byId('time-clock'), `${clock}, moment ${at + 1} of ${moments.length}.`)
    setText(byId('time-frames'), framesAround(events, moment.at))
    setAttribute(slider, 'aria-valuetext', `moment ${at + 1} of ${moments.length}, ${clock}`)
  }
  const take = (all: readonly TraceEvent[]): void => {
    events = all
    moments = all.filter(isMoment)
    setAttribute(slider, 'max', Math.max(0, moments.length - 1))
    slider.value = String(Math.max(0, moments.length - 1))
    show()
  }
  const goLive = (): void => {
    isLive = true
    teller = () => ({ me, now: status() })
    setText(byId('time-source'), 'This tab, now.')
    take(trace.recent())
  }
  slider.addEventListener('input', () => {
    // What is looked at stands still.
    isLive = false
    setText(byId('time-source'), 'Paused, the ring too: the group goes on meanwhile.')
    show()
  })
  live.addEventListener('click', goLive)
  trace.on((event) => {
    if (isLive && isMoment(event) && !document.hidden) queueMicrotask(goLive)
  })
  byId('time-download').addEventListener('click', () => saveFile(trace.download(), traceName))
  byId('time-open').addEventListener('change', ({ target }) => {
    const file = target instanceof HTMLInputElement ? target.files?.[0] : undefined
    void file?.text().then((text) => {
      const read = readTrace(text)
      isLive = false
      setText(byId('time-source'), read === undefined ? 'That is no trace.' : `From ${file.name}.`)
      if (read === undefined) return
      const { member, events: all } = read
      teller = member === undefined ? undefined : () => ({ me: member })
      take(all)
    })
  })
  goLive()
}

/** A line of a file may say anything. */
function wordsOf(moment: TraceEvent, nameOf: (id: string) => string): string {
  try {
    return momentWords(moment, nameOf)
  } catch {
    return `Something that this page does not know: ${moment.type}.`
  }
}

const traceName = 'unanimous-trace.jsonl'
const aroundMs = 1_000

function framesAround(events: readonly TraceEvent[], at: number): string {
  const near = events.filter((event) => Math.abs(event.at - at) <= aroundMs)
  const count = (type: TraceEvent['type']): number =>
    near.filter((event) => event.type === type).length
  return `Within a second of it: ${count('sent')} frames sent, ${count('received')} received.`
}
