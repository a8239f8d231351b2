/** Which messages of one store came by ways through others already: each counts once. Knows numbers, not what they are on. */
import type { Incarnation } from '../protocol/ids.ts'
import { receiptsMax } from '../protocol/limits.ts'

export interface Receipts {
  incarnation: Incarnation
  /** Above all numbers that came. */
  end: number
  /** Those that came of the last `receiptsMax` below it; an older one counts as come. */
  readonly seen: Set<number>
}

export const noReceipts = (): Receipts => ({
  incarnation: 0 as Incarnation,
  end: 0,
  seen: new Set(),
})

/** True the first time. One of an earlier start of its sender is never the first. */
export function receive(receipts: Receipts, incarnation: Incarnation, number: number): boolean {
  if (incarnation < receipts.incarnation) return false
  if (incarnation > receipts.incarnation) {
    receipts.incarnation = incarnation
    receipts.end = 0
    receipts.seen.clear()
  }
  if (number < receipts.end - receiptsMax || receipts.seen.has(number)) return false
  receipts.seen.add(number)
  if (number >= receipts.end) {
    receipts.end = number + 1
    if (receipts.seen.size > 2 * receiptsMax) forgetOld(receipts)
  }
  return true
}

/** Only now and then: it walks over all. */
function forgetOld({ end, seen }: Receipts): void {
  for (const old of seen) if (old < end - receiptsMax) seen.delete(old)
}
