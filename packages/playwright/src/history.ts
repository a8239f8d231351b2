/**
 * What callers were told, and whether one order explains it. Every decided command has a place in the one log, so that place
 * is the order to judge: it must not contradict real time (Herlihy and Wing 1990, section 2), and no place may be given twice.
 */

/** One command as its caller saw it; times in milliseconds of one clock. */
export interface Operation {
  /** The tab, in the order of opening, from 0. */
  readonly process: number
  readonly tab: string
  readonly id: string
  readonly command: string
  readonly args: unknown
  readonly begunMs: number
  /** Undefined while nothing was heard of it: the tab may be gone. */
  readonly end: OperationEnd | undefined
}

/** How a command ended for its caller. */
export interface OperationEnd {
  readonly atMs: number
  readonly kind: 'committed' | 'refused' | 'not-sent' | 'unknown'
  /** Its place in the log, when it was decided. */
  readonly index: number | undefined
  readonly result: unknown
}

/** One line of a history, in the form that Jepsen's tools use. Times are nanoseconds. */
export interface HistoryEvent {
  readonly process: number
  readonly type: 'invoke' | 'ok' | 'fail' | 'info'
  readonly f: string
  readonly value: unknown
  readonly time: number
  readonly index?: number
}

/** Pages of one machine read one clock, each with a rounding of its own: a shorter gap says nothing about which was first. */
const clockGrainMs = 3

/** What contradicts one order, in sentences; empty: nothing does. */
export function orderViolations(operations: readonly Operation[]): readonly string[] {
  const decided = operations.flatMap((operation) => {
    const { end, begunMs } = operation
    if (end?.index === undefined) return []
    return [{ operation, begunMs, atMs: end.atMs, index: end.index }]
  })
  const violations: string[] = []
  const byIndex = new Map<number, Operation>()
  for (const { operation, index } of decided) {
    const other = byIndex.get(index)
    if (other === undefined) byIndex.set(index, operation)
    else violations.push(`${wordOf(other)} and ${wordOf(operation)} were both told index ${index}.`)
  }
  const byBegin = [...decided].sort((a, b) => a.begunMs - b.begunMs)
  const byEnd = [...decided].sort((a, b) => a.atMs - b.atMs)
  let ended = 0
  let latest: (typeof decided)[number] | undefined
  for (const next of byBegin) {
    for (;;) {
      const before = byEnd[ended]
      if (before === undefined || before.atMs + clockGrainMs >= next.begunMs) break
      if (latest === undefined || before.index > latest.index) latest = before
      ended += 1
    }
    if (latest !== undefined && latest.index > next.index) {
      violations.push(
        `${wordOf(latest.operation)} had ended before ${wordOf(next.operation)} began, ` +
          `and yet stands behind it in the log: ${latest.index} > ${next.index}.`,
      )
    }
  }
  return violations
}

const wordOf = ({ tab, command, args }: Operation): string =>
  `${tab}'s ${command}(${args === undefined ? '' : JSON.stringify(args)})`

/** The operations as lines of a history, in order of time. */
export function historyOf(operations: readonly Operation[]): readonly HistoryEvent[] {
  return operations
    .flatMap((operation) => [invocationOf(operation), ...completionOf(operation)])
    .sort((a, b) => a.time - b.time)
}

const nanos = (ms: number): number => Math.round(ms * 1e6)

const invocationOf = ({ process, command, args, begunMs }: Operation): HistoryEvent => ({
  ...{ process, type: 'invoke', f: command, value: args ?? null, time: nanos(begunMs) },
})

function completionOf({ process, command, args, end }: Operation): readonly HistoryEvent[] {
  if (end === undefined) return []
  const types = { committed: 'ok', refused: 'ok', 'not-sent': 'fail', unknown: 'info' } as const
  const type = types[end.kind]
  const value = type === 'ok' ? end.result : (args ?? null)
  return [
    {
      ...{ process, type, f: command, value, time: nanos(end.atMs) },
      ...(end.index === undefined ? {} : { index: end.index }),
    },
  ]
}

/** One JSON object, without the line's end. */
export const historyLine = (event: HistoryEvent): string => JSON.stringify(event)
