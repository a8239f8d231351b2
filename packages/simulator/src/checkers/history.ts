/**
 * What callers saw, as Jepsen's tools read it: one record an operation's beginning and end. Commands are reads and writes of
 * a few registers, as ASCII. Knows no protocol: the results follow from the agreed order.
 */
import type { Command } from '@unanimous/core/internal'
import type { HistoryRecord } from './history-record.ts'

const keysMax = 8
/** What comes behind is there for its weight. */
const wordsMax = 40
const blank = 32

interface Operation {
  readonly f: 'read' | 'write'
  readonly key: string
  readonly value: number | null
}

interface Running {
  readonly operation: Operation
  readonly process: number
}

/** `text`, and blanks behind it. */
function ascii(text: string, bytes: number): Command {
  const command = new Uint8Array(Math.max(text.length, bytes)).fill(blank)
  for (let at = 0; at < text.length; at += 1) command[at] = text.charCodeAt(at) & 127
  return command
}

/** The `count`-th command of a run, of `bytes` bytes at least: every written value is new. */
export function commandOf(kind: 'read' | 'write', count: number, bytes = 0): Command {
  // Two that follow each other meet, so that a load of reads beside one of writes finds what is written.
  const key = `k${Math.floor(count / 2) % keysMax}`
  return ascii(`${kind === 'read' ? 'r' : 'w'} ${key} ${count} `, bytes)
}

function operationOf(command: Command): Operation {
  const [verb, key = '', value] = String.fromCharCode(...command.subarray(0, wordsMax)).split(' ')
  return verb === 'r' ? { f: 'read', key, value: null } : { f: 'write', key, value: Number(value) }
}

export class History {
  readonly records: HistoryRecord[] = []
  /** By register: what was written to it, and how much of the log was decided then. */
  readonly #registers = new Map<string, { readonly end: number; readonly value: number }[]>()
  /** What each read found, by its place in the log. */
  readonly #results = new Map<number, number | null>()
  readonly #running = new Map<string, Running>()
  readonly #idle: number[] = []
  #processes = 0

  proposed(key: string, command: Command, atMs: number): void {
    const operation = operationOf(command)
    const process = this.#idle.pop() ?? this.#processes
    if (process === this.#processes) this.#processes += 1
    this.#running.set(key, { operation, process })
    this.#record(process, 'invoke', operation, atMs)
  }

  /** The next entry of the agreed order runs. */
  decided(index: number, command: Command): void {
    const { f, key, value } = operationOf(command)
    if (f === 'read') this.#results.set(index, this.#valueAt(key, index))
    else if (value !== null) {
      const written = this.#registers.get(key) ?? []
      this.#registers.set(key, written)
      written.push({ end: index + 1, value })
    }
  }

  answered(key: string, index: number, atMs: number): void {
    this.#ended(key, atMs, ({ f, value }) =>
      f === 'read' ? (this.#results.get(index) ?? null) : value,
    )
  }

  /** A read that is no command found what all below `appliedEnd` had written. */
  readDone(key: string, appliedEnd: number, atMs: number): void {
    this.#ended(key, atMs, ({ key: register }) => this.#valueAt(register, appliedEnd))
  }

  #ended(key: string, atMs: number, valueOf: (operation: Operation) => number | null): void {
    const running = this.#running.get(key)
    if (running === undefined) return
    this.#running.delete(key)
    const { operation, process } = running
    this.#record(process, 'ok', { ...operation, value: valueOf(operation) }, atMs)
    this.#idle.push(process)
  }

  #valueAt(register: string, end: number): number | null {
    const written = this.#registers.get(register) ?? []
    return written.findLast((each) => each.end <= end)?.value ?? null
  }

  /** Whatever was not answered may have happened or not. */
  end(atMs: number): void {
    for (const { operation, process } of this.#running.values()) {
      this.#record(process, 'info', operation, atMs)
    }
    this.#running.clear()
  }

  #record(process: number, type: HistoryRecord['type'], operation: Operation, atMs: number): void {
    const { f, key, value } = operation
    this.records.push({ process, type, f, key, value, time: Math.round(atMs * 1_000_000) })
  }
}
