/**
 * Is there one order of all operations, each between its beginning and its end, in which every register behaves as one
 * register? The search of Wing and Gong (Testing and verifying concurrent objects, 1993) with Lowe's memory of what was
 * tried (Testing for linearizability, 2017), register by register, since registers do not know of each other (Herlihy and
 * Wing's locality, which Porcupine uses likewise). Iterative and bounded: beyond the bound it says that it does not know.
 */
import type { HistoryRecord, Value } from './history-record.ts'
import type { Operation } from './operations.ts'
import { operationsOf } from './operations.ts'

export interface CheckLimits {
  /** Orders tried for one register. 2,000,000 unless told: about 200 MB. */
  readonly triesMax?: number
}

export type Linearizability =
  | { readonly kind: 'linearizable'; readonly operations: number; readonly keys: number }
  /** `why`: sentences. */
  | { readonly kind: 'violation'; readonly key: string; readonly why: readonly string[] }
  | { readonly kind: 'undecided'; readonly key: string; readonly tries: number }

/** What a register holds before anything is written to it. */
const initial: Value = null

/** Throws HistoryError for records that are no history. */
export function checkLinearizability(
  records: readonly HistoryRecord[],
  { triesMax = 2_000_000 }: CheckLimits = {},
): Linearizability {
  const byKey = operationsOf(records)
  let operations = 0
  let undecided: Linearizability | undefined
  for (const [key, all] of byKey) {
    operations += all.length
    const search = new Search(all, triesMax)
    const result = search.run()
    if (result === 'violation') return { kind: 'violation', key, why: search.explain(key) }
    if (result === 'undecided') undecided ??= { kind: 'undecided', key, tries: triesMax }
  }
  return undecided ?? { kind: 'linearizable', operations, keys: byKey.size }
}

/** The register after the operation; undefined: it cannot happen now, as it ended. */
export function after(state: Value, operation: Operation): { readonly state: Value } | undefined {
  switch (operation.f) {
    case 'read':
      return operation.found === state ? { state } : undefined
    case 'write':
      return { state: operation.value }
    case 'cas': {
      const applies = operation.expected === state
      if (operation.applied !== undefined && operation.applied !== applies) return undefined
      return { state: applies ? operation.next : state }
    }
  }
}

/** One choice of the search: what was placed, and what else could have been. */
interface Frame {
  /** State before the choice. */
  readonly state: Value
  readonly candidates: readonly number[]
  next: number
  /** Of `operations`; -1 before the first choice. */
  placed: number
}

class Search {
  /** No compare-and-set among them. */
  readonly #isPlain: boolean
  /** Those with an end by their beginning, then those without. */
  readonly #operations: readonly Operation[]
  readonly #ended: number
  /** What some compare-and-set without an end expects. */
  readonly #awaited: ReadonlySet<Value>
  /** What anybody found or expects. */
  readonly #noticed: ReadonlySet<Value>
  readonly #needs: Needs
  readonly #placed: Uint8Array
  readonly #tried = new Set<string>()
  readonly #triesMax: number
  readonly #frames: Frame[] = []
  #placedEnded = 0
  #low = 0
  /** The longest order that led nowhere: for the explanation. */
  #best: readonly number[] = []

  constructor(operations: readonly Operation[], triesMax: number) {
    const byCall = [...operations].sort((a, b) => a.call - b.call)
    const ended = byCall.filter(({ end }) => end !== Infinity)
    this.#noticed = new Set(byCall.flatMap(noticedBy))
    this.#isPlain = byCall.every(({ f }) => f !== 'cas')
    const open = byCall.filter(
      (operation) =>
        operation.end === Infinity &&
        operation.f !== 'read' &&
        // Without a compare-and-set on the register nobody is helped by a value that nobody finds.
        (!this.#isPlain || makes(operation).some((value) => this.#noticed.has(value))),
    )
    this.#operations = [...ended, ...open]
    this.#ended = ended.length
    this.#awaited = new Set(open.flatMap(noticedBy))
    this.#needs = new Needs(this.#operations)
    this.#placed = new Uint8Array(this.#operations.length)
    this.#triesMax = triesMax
  }

  run(): 'linearizable' | 'violation' | 'undecided' {
    // Those without an end may come after all others, or never: they need not be placed.
    if (this.#ended === 0) return 'linearizable'
    this.#frames.push(this.#frame(initial))
    for (;;) {
      const frame = this.#frames.at(-1)
      if (frame === undefined) return 'violation'
      this.#takeBack(frame)
      const state = this.#place(frame)
      if (state === undefined) {
        this.#noteDeadEnd()
        this.#frames.pop()
        continue
      }
      if (this.#placedEnded === this.#ended) return 'linearizable'
      if (this.#tried.size > this.#triesMax) return 'undecided'
      this.#frames.push(this.#frame(state.state))
    }
  }

  /** Why nothing could be placed where the search came furthest. */
  explain(key: string): readonly string[] {
    let state = initial
    const seen = new Set(this.#best)
    for (const at of this.#best) state = (after(state, this.#at(at)) ?? { state }).state
    const left = this.#operations.filter((_, at) => !seen.has(at) && at < this.#ended)
    const firstEnd = Math.min(...left.map(({ end }) => end))
    const stuck = left.filter(({ call }) => call <= firstEnd)
    return [
      `Register ${key} is not linearizable.`,
      `${this.#best.length} of its operations fit into one order, after which it holds ${JSON.stringify(state)}:`,
      ...this.#best.slice(-5).map((at) => `  … ${inWords(this.#at(at))}`),
      'none of these can come next, and one of them has to:',
      ...stuck.map((operation) => `  ${inWords(operation)}`),
    ]
  }

  #at(index: number): Operation {
    const operation = this.#operations[index]
    if (operation === undefined) throw new RangeError(`no operation ${index}`)
    return operation
  }

  #takeBack(frame: Frame): void {
    if (frame.placed === -1) return
    this.#placed[frame.placed] = 0
    this.#needs.add(this.#at(frame.placed))
    if (frame.placed < this.#ended) {
      this.#placedEnded -= 1
      this.#low = Math.min(this.#low, frame.placed)
    }
    frame.placed = -1
  }

  /** The next candidate that fits and leads to something not tried yet; undefined when there is none. */
  #place(frame: Frame): { readonly state: Value } | undefined {
    while (frame.next < frame.candidates.length) {
      const at = frame.candidates[frame.next] ?? 0
      frame.next += 1
      const operation = this.#at(at)
      const moved = after(frame.state, operation)
      if (moved === undefined) continue
      this.#placed[at] = 1
      this.#needs.remove(operation)
      const isOver = moved.state !== frame.state && this.#needs.isMissed(frame.state)
      if (!isOver && this.#isNew(moved.state)) {
        frame.placed = at
        if (at < this.#ended) this.#placedEnded += 1
        return moved
      }
      this.#needs.add(operation)
      this.#placed[at] = 0
    }
    return undefined
  }

  #noteDeadEnd(): void {
    if (this.#frames.length - 1 <= this.#best.length) return
    this.#best = this.#frames.slice(0, -1).map((frame) => frame.placed)
  }

  /** Two ways to place the same operations and hold the same value go on alike. */
  #isNew(state: Value): boolean {
    const key = `${this.#placedKey()} ${JSON.stringify(state)}`
    if (this.#tried.has(key)) return false
    this.#tried.add(key)
    return true
  }

  /** All below the first that is not placed, and then bits: short, since time orders most of them. */
  #placedKey(): string {
    let low = this.#low
    while (low < this.#ended && this.#placed[low] === 1) low += 1
    let key = `${low}`
    for (let at = low + 1; at < this.#placed.length; at += 1) {
      if (this.#placed[at] === 1) key += `,${at}`
      // Nothing begins so late that it could be placed yet, until those without an end.
      else if (at < this.#ended && this.#at(at).call > this.#at(low).end) at = this.#ended - 1
    }
    return key
  }

  /** What may come next: whatever began before the first end of those that are left; those without an end come last. */
  #frame(state: Value): Frame {
    while (this.#low < this.#ended && this.#placed[this.#low] === 1) this.#low += 1
    let firstEnd = Infinity
    const candidates: number[] = []
    for (let at = this.#low; at < this.#ended; at += 1) {
      const { call, end } = this.#at(at)
      if (call > firstEnd) break
      if (this.#placed[at] === 1) continue
      firstEnd = Math.min(firstEnd, end)
      candidates.push(at)
    }
    const first = candidates
      .filter((at) => this.#at(at).call <= firstEnd)
      .sort((a, b) => this.#needs.urgency(this.#at(a)) - this.#needs.urgency(this.#at(b)))
    const sure = this.#sure(state, first)
    const choices = sure === undefined ? [...first, ...this.#helpers(state, first)] : [sure]
    return { state, candidates: choices, next: 0, placed: -1 }
  }

  /**
   * One of `first` that can come next if anything can, so that nothing else need be tried. Without compare-and-set a read that
   * finds what is there changes nothing. And if nobody waits for what is there, a write for which nobody waits does no harm:
   * in any order that goes on from here it can be moved to the front, since the next write hides it.
   */
  #sure(state: Value, first: readonly number[]): number | undefined {
    if (!this.#isPlain) return undefined
    const read = first.find((at) => {
      const operation = this.#at(at)
      return operation.f === 'read' && operation.found === state
    })
    if (read !== undefined || this.#needs.isAwaited(state)) return read
    return first.find((at) => {
      const operation = this.#at(at)
      return operation.f === 'write' && !this.#needs.isAwaited(operation.value)
    })
  }

  /**
   * Those without an end that are worth placing now. In any order of a whole history such a one can be moved behind what
   * does not need it, and left out if the next write hides it. So it is enough to place it where it lets one of `first`
   * happen that otherwise could not, or leaves what another one without an end expects. Of those whose value nobody
   * notices, which only spoil what a compare-and-set expects, one is as good as another.
   */
  #helpers(state: Value, first: readonly number[]): readonly number[] {
    const blocked = first.filter((at) => after(state, this.#at(at)) === undefined)
    if (blocked.length === 0 && this.#awaited.size === 0) return []
    const helpers: number[] = []
    const firstEnd = Math.min(...first.map((at) => this.#at(at).end))
    let spoiler = false
    for (let at = this.#ended; at < this.#operations.length; at += 1) {
      const operation = this.#at(at)
      if (this.#placed[at] === 1 || operation.call > firstEnd) continue
      const moved = after(state, operation)?.state
      if (moved === undefined || moved === state) continue
      const isAwaited = this.#awaited.has(moved)
      const helps = (other: number): boolean => after(moved, this.#at(other)) !== undefined
      if (!isAwaited && !blocked.some(helps)) continue
      if (!this.#noticed.has(moved)) {
        if (spoiler) continue
        spoiler = true
      }
      helpers.push(at)
    }
    return helpers
  }
}

/**
 * Who still waits to find a value, and who can still make it: a value that is waited for and cannot come again must not be
 * overwritten. Where every written value is new, this alone decides most choices.
 */
class Needs {
  readonly #waiting = new Map<Value, number>()
  readonly #makers = new Map<Value, number>()
  /** When the first that has to find the value ends. */
  readonly #firstEnd = new Map<Value, number>()

  constructor(operations: readonly Operation[]) {
    for (const operation of operations) {
      this.add(operation)
      for (const value of needs(operation)) {
        this.#firstEnd.set(value, Math.min(operation.end, this.#firstEnd.get(value) ?? Infinity))
      }
    }
  }

  add(operation: Operation): void {
    this.#count(operation, 1)
  }

  remove(operation: Operation): void {
    this.#count(operation, -1)
  }

  isAwaited(value: Value): boolean {
    return (this.#waiting.get(value) ?? 0) > 0
  }

  isMissed(value: Value): boolean {
    return this.isAwaited(value) && (this.#makers.get(value) ?? 0) === 0
  }

  /** Smaller is tried before: what finds the value as it is, then what nobody waits for, then what is waited for first. */
  urgency(operation: Operation): number {
    const [made] = makes(operation)
    return made === undefined ? -2 : (this.#firstEnd.get(made) ?? -1)
  }

  #count(operation: Operation, by: 1 | -1): void {
    const add = (counts: Map<Value, number>, value: Value): unknown =>
      counts.set(value, (counts.get(value) ?? 0) + by)
    for (const value of needs(operation)) add(this.#waiting, value)
    for (const value of makes(operation)) add(this.#makers, value)
  }
}

/** What the register must hold when it happens; nothing, if that is all the same. */
function needs(operation: Operation): readonly Value[] {
  if (operation.f === 'read') return [operation.found]
  return operation.f === 'cas' && operation.applied === true ? [operation.expected] : []
}

/** What it may leave behind. */
function makes(operation: Operation): readonly Value[] {
  if (operation.f === 'write') return [operation.value]
  return operation.f === 'cas' && operation.applied !== false ? [operation.next] : []
}

/** The values that make a difference to an operation. */
function noticedBy(operation: Operation): readonly Value[] {
  if (operation.f === 'read') return [operation.found]
  return operation.f === 'cas' ? [operation.expected] : []
}

function inWords(operation: Operation): string {
  const { process, call, end } = operation
  const seconds = (time: number): string =>
    time === Infinity ? '…' : `${(time / 1_000_000_000).toFixed(3)} s`
  return `process ${process}, ${seconds(call)} to ${seconds(end)}: ${deed(operation)}`
}

function deed(operation: Operation): string {
  switch (operation.f) {
    case 'read':
      return `reads ${JSON.stringify(operation.found)}`
    case 'write':
      return `writes ${JSON.stringify(operation.value)}`
    case 'cas': {
      const { expected, next, applied } = operation
      const how = applied === undefined ? 'perhaps' : applied ? 'applied' : 'not applied'
      return `writes ${JSON.stringify(next)} if it finds ${JSON.stringify(expected)}: ${how}`
    }
  }
}
