/**
 * One history for all: the same entry at the same index everywhere, for ever, across restarts; each proposal runs once; what
 * a caller was told stays. Watches what replicas hand to their applications, knows nothing of how they agree.
 */
import type {
  Ballot,
  Command,
  Decided,
  Effects,
  Entry,
  Incarnation,
  Index,
  ProposalId,
  ProtocolState,
  ReplicaId,
  SessionRecord,
  Snapshot,
  VoteId,
} from '@unanimous/core/internal'
import {
  compareBallots,
  dueOf,
  execute,
  isRestored,
  noSessions,
  recordsOf,
  sameEntry,
} from '@unanimous/core/internal'
import { Tape } from './tape.ts'
import { demand } from './violation.ts'

/** Whose word it is; a name for people and a start. */
export interface Witness {
  readonly name: string
  readonly id: ReplicaId
  readonly incarnation: Incarnation
}

interface Place {
  readonly entry: Entry
  readonly repeat: boolean
  readonly witness: string
  /** In which it was decided, or a later one; undefined: not told. */
  readonly ballot: Ballot | undefined
}

/** What a part of the history comes to. */
interface Sum {
  readonly state: Uint8Array
  readonly sessions: { readonly records: readonly SessionRecord[]; readonly floor: Index }
  readonly configIndex: number
}

/** What was proposed anywhere, by `proposalKey`. */
export type Proposals = Map<string, Command>

export const proposalKey = ({ author, incarnation, seq }: ProposalId): string =>
  `${author}.${incarnation}.${seq}`

export class Agreement {
  readonly #history: Place[] = []
  /** Up to where each start of each replica has come. */
  readonly #ends = new Map<string, number>()
  readonly #proposals: ReadonlyMap<string, Command>
  readonly #executed = new Set<string>()
  readonly #sessions = noSessions()
  readonly #sums = new Map<number, Sum>()
  #voters: readonly VoteId[] = []
  #configurations = 0
  #acknowledgedEnd = 0
  #version = 0
  #acknowledged = 0

  constructor(proposals: ReadonlyMap<string, Command>) {
    this.#proposals = proposals
  }

  /** The history as far as anybody knows it. */
  get length(): number {
    return this.#history.length
  }

  /** Everything below was told to a caller, or lies before something that was. */
  get acknowledgedEnd(): number {
    return this.#acknowledgedEnd
  }

  /** Commands whose callers were answered. */
  get acknowledged(): number {
    return this.#acknowledged
  }

  get last(): Entry | undefined {
    return this.#history.at(-1)?.entry
  }

  /** By the newest configuration that anybody knows to be decided. */
  get voters(): readonly VoteId[] {
    return this.#voters
  }

  /** How many were decided. */
  get configurations(): number {
    return this.#configurations
  }

  get entries(): readonly Entry[] {
    return this.#history.map(({ entry }) => entry)
  }

  /** All that one step of a replica, in this start, hands to its application. */
  told(by: Witness, effects: Pick<Effects, 'apply' | 'restore'>, ballot?: Ballot): void {
    for (const due of dueOf(effects)) {
      if (isRestored(due)) this.#jumped(by, due)
      else this.learned(by, due, ballot)
    }
  }

  /** A snapshot stands for entries that somebody learned one by one, and for nothing else. */
  #jumped(by: Witness, { head, sessions, state }: Snapshot): void {
    const { end } = head
    const start = `${by.id}.${by.incarnation}`
    const words = (what: string) => () =>
      `the snapshot of ${end} entries that ${by.name} installs ${what}`
    const before = this.#ends.get(start) ?? 0
    demand(end > before, 'snapshot', words(`is older than the ${before} that it has`))
    demand(end <= this.#history.length, 'snapshot', words('sums up what nobody learned'))
    this.#ends.set(start, end)
    const summary = this.#summaryAt(end)
    demand(equalBytes(summary.state, state), 'snapshot', words('holds another state'))
    const stored = { records: sessions, floor: head.sessionsFloor }
    const [known, told] = [summary.sessions, stored].map((each) => JSON.stringify(each))
    demand(
      known === told,
      'snapshot',
      words(`takes ${told ?? ''} for executed, not ${known ?? ''}`),
    )
    const { index, voters } = head.configuration
    demand(index === summary.configIndex, 'snapshot', words(`has the configuration of ${index}`))
    const entry = this.#history[index]?.entry
    const same = entry?.kind !== 'config' || entry.voters.join() === voters.join()
    demand(same, 'snapshot', words('has other voters'))
  }

  /** What the first `end` entries come to; each number is looked at once by many. */
  #summaryAt(end: number): Sum {
    const known = this.#sums.get(end)
    if (known !== undefined) return known
    const tape = new Tape()
    const executed = noSessions()
    let configIndex = 0
    for (const [at, { entry, repeat }] of this.#history.slice(0, end).entries()) {
      tape.apply({ index: at as Index, entry, repeat })
      if (entry.kind === 'command') execute(executed, entry, at as Index)
      if (entry.kind === 'config') configIndex = at
    }
    const sum = {
      state: tape.save(),
      sessions: { records: recordsOf(executed), floor: executed.floor },
      configIndex,
    }
    this.#sums.set(end, sum)
    return sum
  }

  /**
   * A replica, in this start, learned that `decided` is next. Durable or not, it must be the truth. `ballot`: the one that its
   * log was accepted in.
   */
  learned(by: Witness, decided: Decided, ballot?: Ballot): void {
    const { index, entry, repeat } = decided
    const start = `${by.id}.${by.incarnation}`
    const end = this.#ends.get(start) ?? 0
    demand(index === end, 'order', () => `${by.name} learned ${index} after ${end}`)
    this.#ends.set(start, end + 1)
    const known = this.#history[index]
    if (known === undefined) {
      this.#begin(by, decided, ballot)
      return
    }
    demand(
      sameEntry(known.entry, entry) && sameBytes(known.entry, entry),
      'agreement',
      () => `at ${index} ${known.witness} has ${show(known.entry)}, ${by.name} has ${show(entry)}`,
    )
    demand(
      known.repeat === repeat,
      'exactlyOnce',
      () => `${by.name} and ${known.witness} differ on whether ${index} is a repetition`,
    )
  }

  /** A replica begins to lead `ballot` with `log`, from `base` on: all that was decided in lower ballots is in it, or summed up. */
  led(by: Witness, ballot: Ballot, log: readonly Entry[], base = 0): void {
    const isBelow = (place: Place): boolean =>
      place.ballot !== undefined && compareBallots(place.ballot, ballot) < 0
    const last = this.#history.findLastIndex(isBelow)
    // What lies before it is the same as soon as this is, or the invariants of logs notice.
    const [known, held] = [this.#history[last], log[last - base]]
    if (known === undefined || last < base) return
    demand(
      held !== undefined && sameEntry(known.entry, held),
      'completeness',
      () =>
        `${by.name} leads ${ballot.num} with ${held === undefined ? 'nothing' : show(held)} at ${last}, where ${known.witness} has ${show(known.entry)}`,
    )
  }

  /** The application of a replica got a command of its own: the caller is answered. */
  answered(index: number): void {
    this.#acknowledgedEnd = Math.max(this.#acknowledgedEnd, index + 1)
    this.#acknowledged += 1
  }

  #begin(by: Witness, { index, entry, repeat }: Decided, ballot?: Ballot): void {
    demand(
      index === this.#history.length,
      'order',
      () => `${by.name} learned ${index} before anybody learned ${this.#history.length}`,
    )
    this.#history.push({ entry, repeat, witness: by.name, ballot })
    if (entry.kind === 'machine') this.#raise(entry.version)
    if (entry.kind === 'config') {
      this.#voters = entry.voters
      this.#configurations += 1
    }
    if (entry.kind !== 'command') return
    const key = proposalKey(entry)
    const proposed = this.#proposals.get(key)
    demand(proposed !== undefined, 'validity', () => `nobody proposed ${show(entry)} at ${index}`)
    demand(equalBytes(proposed, entry.command), 'validity', () => `${show(entry)} was altered`)
    // What comes of a session that has expired runs neither again nor at all.
    const expired = execute(this.#sessions, entry, index) === 'expired'
    demand(
      repeat === (expired || this.#executed.has(key)),
      'exactlyOnce',
      () => `${show(entry)} at ${index} runs ${repeat ? 'never' : 'again'}`,
    )
    if (!expired) this.#executed.add(key)
  }

  /** Of the application's machine: nobody goes back to an older one. */
  #raise(version: number): void {
    const before = this.#version
    demand(version > before, 'version', () => `version ${version} comes behind ${before}`)
    this.#version = version
  }
}

/** The leadership that a step began, and the log that it adopted, without what it appended to it. */
export function begunIn(
  { persist }: Pick<Effects, 'persist'>,
  { role, log }: Pick<ProtocolState, 'role' | 'log'>,
): { readonly ballot: Ballot; readonly log: readonly Entry[]; readonly base: number } | undefined {
  if (role.phase !== 'leading' || persist.length < 2) return undefined
  const adopts = persist.some(
    (op) =>
      (op.type === 'splice' && op.from + op.entries.length === role.firstIndex) ||
      (op.type === 'rewrite' && op.base + op.entries.length === role.firstIndex),
  )
  const { base, entries } = log
  return adopts
    ? { ballot: role.ballot, log: entries.slice(0, role.firstIndex - base), base }
    : undefined
}

function sameBytes(a: Entry, b: Entry): boolean {
  if (a.kind === 'config' && b.kind === 'config') return a.voters.join() === b.voters.join()
  if (a.kind === 'genesis' && b.kind === 'genesis') return a.nonce === b.nonce
  if (a.kind === 'machine' && b.kind === 'machine') return a.version === b.version
  return a.kind !== 'command' || b.kind !== 'command' || equalBytes(a.command, b.command)
}

function equalBytes(a: Command, b: Command): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  // Every learned command passes here, large ones too: a loop, not a call for each byte.
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false
  return true
}

export function show(entry: Entry): string {
  const ballot = `${entry.ballot.num}.${entry.ballot.node.slice(0, 4)}`
  switch (entry.kind) {
    case 'command':
      return `command ${entry.author.slice(0, 4)}.${entry.incarnation}.${entry.seq} of ${ballot}`
    case 'config':
      return `config [${entry.voters.map((vote) => vote.slice(0, 4)).join()}] of ${ballot}`
    case 'machine':
      return `machine ${entry.version} of ${ballot}`
    case 'genesis':
    case 'noop':
      return `${entry.kind} of ${ballot}`
  }
}
