/** From records of beginnings and ends to whole operations, by register. Knows no order but that of time. */
import type { HistoryRecord, Value, Verb } from './history-record.ts'

interface Interval {
  readonly process: number
  readonly call: number
  /** Infinity: it is not known whether it happened, so it may still happen at any time. */
  readonly end: number
}

export type Operation = Interval &
  (
    | { readonly f: 'read'; readonly found: Value }
    | { readonly f: 'write'; readonly value: Value }
    | {
        readonly f: 'cas'
        readonly expected: Value
        readonly next: Value
        /** Undefined: unknown. */
        readonly applied: boolean | undefined
      }
  )

/** A history that no processes that do one thing at a time can have made. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError'
  readonly code = 'not-a-history'
}

/** By key; what did not happen, and reads of which nobody knows what they found, say nothing and are left out. */
export function operationsOf(
  records: readonly HistoryRecord[],
): ReadonlyMap<string, readonly Operation[]> {
  const begun = new Map<number, HistoryRecord>()
  const done = new Set<number>()
  const byKey = new Map<string, Operation[]>()
  const add = (key: string, operation: Operation | undefined): void => {
    if (operation === undefined) return
    const known = byKey.get(key)
    if (known === undefined) byKey.set(key, [operation])
    else known.push(operation)
  }
  for (const record of records) {
    const { process, type, f, key } = record
    const open = begun.get(process)
    if (type === 'invoke') {
      if (open !== undefined) refuse(record, 'begins before its last one ended')
      if (done.has(process)) refuse(record, 'goes on after an operation without a known end')
      begun.set(process, record)
      continue
    }
    if (open === undefined) return refuse(record, 'ends what it did not begin')
    if (open.f !== f || open.key !== key) refuse(record, 'ends another operation than it began')
    if (record.time < open.time) refuse(record, 'ends before it began')
    begun.delete(process)
    if (type === 'info') done.add(process)
    if (type !== 'fail') add(key, operationOf(open, type === 'ok' ? record : undefined))
  }
  for (const open of begun.values()) add(open.key, operationOf(open, undefined))
  return byKey
}

function refuse({ process, f, key, time }: HistoryRecord, why: string): never {
  throw new HistoryError(`Process ${process} ${why}: ${f} of ${key} at ${time} ns.`)
}

/** `ended` undefined: nobody knows. */
function operationOf(
  begun: HistoryRecord,
  ended: HistoryRecord | undefined,
): Operation | undefined {
  const { process, time: call } = begun
  const interval = { process, call, end: ended?.time ?? Infinity }
  const readers: Record<Verb, () => Operation | undefined> = {
    read: () =>
      ended === undefined ? undefined : { ...interval, f: 'read', found: ended.value as Value },
    write: () => ({ ...interval, f: 'write', value: begun.value as Value }),
    cas: () => {
      const [expected, next] = begun.value as readonly [Value, Value]
      const applied = ended === undefined ? undefined : (ended.value as boolean)
      return { ...interval, f: 'cas', expected, next, applied }
    },
  }
  return readers[begun.f]()
}
