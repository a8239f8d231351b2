import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ballot } from '../protocol/ballot.ts'
import { zeroBallot } from '../protocol/ballot.ts'
import type { Entry } from '../protocol/entry.ts'
import { groupIdOf } from '../protocol/genesis.ts'
import type { Index, VoteId } from '../protocol/ids.ts'
import { firstEpoch, incarnation, index, ownVote, replicaId, wallMillis } from '../protocol/ids.ts'
import type { Group } from '../membership/founding.ts'
import type { Compacted, Snapshot } from '../protocol/snapshot-state.ts'
import { anyEntries, anyGenesis, anySnapshot } from '../testing/arbitraries.ts'
import { crc32 } from './checksum.ts'
import { createEntriesCodec } from './entries-codec.ts'
import type { Contents, JournalFailure, JournalOp } from './journal.ts'
import { encodeRecord, journalStart, journalVersion, opsOf, readJournal } from './journal.ts'

const node = replicaId('a'.repeat(32))
const secret = new Uint8Array(32).fill(9)
const ballot = (num: number): Ballot => ({ num, node })
const noop = (num: number): Entry => ({ kind: 'noop', ballot: ballot(num), stamp: wallMillis(num) })

/** One record for each list of operations, linked as a writer links them. */
function journalOf(batches: readonly (readonly JournalOp[])[]): Uint8Array[] {
  const entries = createEntriesCodec()
  let end = journalStart
  return batches.map((ops) => {
    const record = encodeRecord(ops, end, entries)
    end = record.end
    return record.bytes
  })
}

const read = (records: readonly Uint8Array[]): Contents | JournalFailure | undefined =>
  readJournal(records, createEntriesCodec())

function contentsOf(records: readonly Uint8Array[]): Contents {
  const found = read(records)
  if (found === undefined || 'why' in found) throw new Error(`unreadable: ${JSON.stringify(found)}`)
  return found
}

function failureOf(records: readonly Uint8Array[]): JournalFailure {
  const found = read(records)
  if (found === undefined || !('why' in found)) throw new Error('it was believed')
  return found
}

const identity: JournalOp = { type: 'identity', secret }
const start = (number: number): JournalOp => ({ type: 'start', incarnation: incarnation(number) })
const promise = (num: number): JournalOp => ({ type: 'promise', ballot: ballot(num) })
const decide = (end: number): JournalOp => ({ type: 'decide', decidedEnd: index(end) })
const splice = (from: number, num: number, decidedEnd: number): JournalOp => ({
  type: 'splice',
  from: index(from),
  entries: [noop(num), noop(num)],
  accepted: ballot(num),
  decidedEnd: index(decidedEnd),
})

/** A journal of a life with two leaders and a restart. */
const life = (): Uint8Array[] =>
  journalOf([
    [identity, start(1)],
    [promise(1)],
    [splice(0, 1, 0), decide(1)],
    [start(2)],
    [promise(2), splice(1, 2, 2)],
  ])

interface Model {
  promised: Ballot
  accepted: Ballot
  log: readonly Entry[]
  decidedEnd: number
}

/** What may happen next to a store, by a few numbers that any list of chances gives. */
interface Chance {
  readonly kind: 'promise' | 'splice' | 'decide'
  readonly part: number
  readonly entries: readonly Entry[]
  readonly decided: number
}

const anyChance: fc.Arbitrary<Chance> = fc.record({
  kind: fc.constantFrom('promise', 'splice', 'splice', 'decide'),
  part: fc.nat(1000),
  entries: anyEntries,
  decided: fc.nat(1000),
})

/** A number in [low, high]. */
const between = (low: number, high: number, chance: number): Index =>
  index(low + (chance % (high - low + 1)))

/** The naive twin: slices and concatenates whole lists. */
function happen(model: Model, { kind, part, entries, decided }: Chance): JournalOp {
  if (kind === 'promise' || model.promised.num === 0) {
    model.promised = ballot(model.promised.num + 1 + (part % 3))
    return { type: 'promise', ballot: model.promised }
  }
  if (kind === 'splice') {
    const from = between(model.decidedEnd, model.log.length, part)
    model.log = [...model.log.slice(0, from), ...entries]
    model.accepted = model.promised
    model.decidedEnd = between(model.decidedEnd, model.log.length, decided)
    const { accepted } = model
    return { type: 'splice', from, entries, accepted, decidedEnd: index(model.decidedEnd) }
  }
  model.decidedEnd = between(model.decidedEnd, model.log.length, decided)
  return { type: 'decide', decidedEnd: index(model.decidedEnd) }
}

describe('a journal', () => {
  it('[JO1] says what was written to it, through any splices, cuts and group commits', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyChance, { maxLength: 4 }), { maxLength: 8 }), (commits) => {
        const model: Model = { promised: zeroBallot, accepted: zeroBallot, log: [], decidedEnd: 0 }
        const batches = commits.map((chances) => chances.map((chance) => happen(model, chance)))
        const records = journalOf([[identity, start(1)], ...batches])
        const found = contentsOf(records)
        expect(found).toMatchObject({ secret, incarnation: 1, group: undefined })
        expect(found.entries).toEqual(model.log)
        expect(found).toMatchObject({ promised: model.promised, accepted: model.accepted })
        expect(found.decidedEnd).toBe(model.decidedEnd)
        expect(found.end.position).toBe(records.length)
      }),
      { seed: 11, numRuns: 150 },
    )
  })

  it('[JO1] keeps whose votes the store holds, to whom it leaves them, and what it was left', () => {
    const other = replicaId('e'.repeat(32))
    const heir = { heir: other, incarnation: incarnation(1) }
    const receipt = {
      incarnation: incarnation(4),
      verdict: 'held',
      votes: [ownVote(other)],
    } as const
    const votes = [ownVote(other), `${other}~3` as VoteId]
    const ops: readonly JournalOp[] = [
      { type: 'arm', armed: heir },
      { type: 'receipt', from: other, receipt },
      { type: 'votes', votes },
    ]
    const records = [[identity, start(1)], ops]
    const receipts = new Map([[other, receipt]])
    expect(contentsOf(journalOf(records)).estate).toEqual({ votes, armed: heir, receipts })
    const kept = contentsOf(journalOf(records))
    const anew = contentsOf(journalOf([opsOf(kept)]))
    expect(anew.estate).toEqual(kept.estate)
    const disarmed = journalOf([...records, [{ type: 'arm', armed: undefined }]])
    expect(contentsOf(disarmed).estate.armed).toBeUndefined()
    const again = journalOf([...records, [{ type: 'receipt', from: other, receipt }]])
    expect(failureOf(again).why).toBe('a receipt that was before')
  })

  it('[JO1] keeps the group with its genesis', () => {
    fc.assert(
      fc.property(anyGenesis, (genesis) => {
        const group: Group = {
          id: groupIdOf(genesis),
          epoch: firstEpoch,
          genesis,
          refounding: undefined,
        }
        const { id, ...rest } = group
        const join: JournalOp = { type: 'join', group: id, ...rest }
        expect(contentsOf(journalOf([[identity, start(1)], [join]])).group).toEqual(group)
      }),
      { seed: 12, numRuns: 100 },
    )
  })

  it('[JO1] goes on after a reload where it stopped', () => {
    const before = life()
    const { end } = contentsOf(before)
    const next = encodeRecord([start(3)], end, createEntriesCodec())
    expect(contentsOf([...before, next.bytes])).toMatchObject({ incarnation: 3, end: next.end })
  })

  it('[JO1] holds as many operations in one record as a long wait for the disk gathers', () => {
    const count = 70_000
    const ops = Array.from({ length: count }, (_, at) => promise(at + 1))
    expect(contentsOf(journalOf([[identity, start(1)], ops])).promised).toEqual(ballot(count))
  })

  it('[JO3] of no record is no journal, which is not an empty log', () => {
    expect(read([])).toBeUndefined()
    expect(contentsOf(journalOf([[identity, start(1)]])).entries).toEqual([])
  })

  it.each([0, 1, 2, 3])('[JO4] a hole is found where record %d is missing', (position) => {
    const records = life().filter((_, at) => at !== position)
    expect(failureOf(records)).toEqual({ position, why: 'a record is missing before it' })
  })

  it.each([0, 1, 2, 3])('[JO4] records %d and the next one swapped are found', (position) => {
    const records = life()
    records.splice(position, 2, ...records.slice(position, position + 2).reverse())
    expect(failureOf(records).position).toBe(position)
  })

  it('[JO4] a record that is there twice is found', () => {
    const records = life()
    const [, second] = records
    if (second !== undefined) records.splice(2, 0, second)
    expect(failureOf(records).position).toBe(2)
  })

  it('[JO2] a torn record is found, however much of it is left', () => {
    const records = life()
    for (const [position, record] of records.entries()) {
      for (let length = 0; length < record.length; length += 1) {
        const torn = records.with(position, record.slice(0, length))
        expect(failureOf(torn).position).toBe(position)
      }
    }
  })

  it('[JO2] a single flipped bit is found, wherever it is', () => {
    const records = life()
    for (const [position, record] of records.entries()) {
      for (let bit = 0; bit < 8 * record.length; bit += 1) {
        const rotten = record.slice()
        rotten[bit >> 3] = (rotten[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const failure = failureOf(records.with(position, rotten))
        expect(failure).toEqual({ position, why: 'wrong checksum' })
      }
    }
  })

  it('[JO4] a sound record of another store is found', () => {
    const records = life()
    const other = journalOf([
      [{ type: 'identity', secret: new Uint8Array(32) }, start(1)],
      [promise(1)],
    ])
    const [, foreign] = other
    if (foreign !== undefined) records[1] = foreign
    expect(failureOf(records)).toEqual({ position: 1, why: 'it does not follow its predecessor' })
  })

  it('[JO5] a record of another version of the format is named as such', () => {
    const records = life()
    // A list of another version number and of something that this version has never heard of.
    const payload = Uint8Array.of(0x92, journalVersion + 1, 0xc0)
    const record = new Uint8Array([...bigEndian(crc32(payload)), ...payload])
    expect(failureOf([...records, record])).toEqual({
      position: 5,
      why: `written by version ${journalVersion + 1} of the format, this is ${journalVersion}`,
    })
  })

  it('[JO3] without an identity is not believed', () => {
    expect(failureOf(journalOf([[start(1)]]))).toEqual({ position: 0, why: 'no identity' })
  })

  it.each<[string, readonly JournalOp[], string]>([
    ['a hole in the log', [promise(1), splice(1, 1, 0)], 'a hole in the log'],
    ['more decided than there is', [promise(1), splice(0, 1, 3)], 'decided beyond the log'],
    ['more decided later', [decide(1)], 'decided beyond the log'],
    [
      'a cut below what is decided',
      [promise(1), splice(0, 1, 2), splice(1, 1, 2)],
      'cuts off what is decided',
    ],
    [
      'a shrinking decided prefix',
      [promise(1), splice(0, 1, 2), decide(1)],
      'the decided prefix shrank',
    ],
    ['a promise that goes back', [promise(2), promise(1)], 'a promise went back'],
    ['the same promise again', [promise(2), promise(2)], 'a promise went back'],
    [
      'an acceptance that was not promised',
      [promise(1), splice(0, 2, 0)],
      'accepted, not promised',
    ],
    [
      'an acceptance that goes back',
      [promise(2), splice(0, 2, 0), splice(2, 1, 0)],
      'an acceptance went back',
    ],
    ['a start that was before', [start(1)], 'a start that was before'],
    ['a second identity', [identity], 'a second identity'],
    ['a short secret', [{ type: 'identity', secret: new Uint8Array(31) }], 'not a secret'],
  ])('[JO6] %s is not believed, though every checksum is right', (what, ops, why) => {
    const first: readonly JournalOp[] =
      what === 'a short secret' ? [start(1)] : [identity, start(1)]
    expect(failureOf(journalOf([first, ops]))).toEqual({ position: 1, why })
  })

  it('[JO8] one record that takes the place of all says the same, and the chain goes on behind it', () => {
    const entries = createEntriesCodec()
    const records = life()
    const before = contentsOf(records)
    const anew = encodeRecord(opsOf(before), before.end, entries)
    expect(contentsOf([anew.bytes])).toEqual({ ...before, end: anew.end })
    const next = encodeRecord([start(before.incarnation + 1)], anew.end, entries)
    expect(contentsOf([anew.bytes, next.bytes]).incarnation).toBe(before.incarnation + 1)
    const after = encodeRecord([start(before.incarnation + 2)], next.end, entries)
    expect(failureOf([anew.bytes, after.bytes])).toEqual({
      position: anew.end.position,
      why: 'a record is missing before it',
    })
  })

  it('[JO8] a later record that does not say who the store is has lost those before it', () => {
    expect(failureOf(life().slice(2)).why).toBe('a record is missing before it')
  })

  it('[JO8] any contents come back from the operations that say the same', () => {
    const entries = createEntriesCodec()
    fc.assert(
      fc.property(anyEntries, fc.nat(5), fc.option(anySnapshot), (all, decided, any) => {
        const decidedEnd = Math.min(decided, all.length)
        const compacted = any === null ? undefined : compactedOf(any, decidedEnd)
        const nothing = all.length === 0 && compacted === undefined
        const contents: Contents = {
          ...{
            secret,
            secrets: [],
            incarnation: incarnation(3),
            group: undefined,
            compacted,
            entries: all,
          },
          ...{ promised: ballot(7), accepted: nothing ? zeroBallot : ballot(5) },
          decidedEnd: index((compacted?.base ?? 0) + decidedEnd),
          estate: { votes: undefined, armed: undefined, receipts: new Map() },
          end: { position: 9, checksum: 4 },
        }
        const record = encodeRecord(opsOf(contents), contents.end, entries)
        expect(contentsOf([record.bytes])).toMatchObject({ ...contents, end: record.end })
      }),
      { seed: 11, numRuns: 100 },
    )
  })
})

/** Of a log that begins at 3, and of as much of it as is decided. */
function compactedOf({ head, sessions, state }: Snapshot, decided: number): Compacted {
  const configuration = { ...head.configuration, index: index(2) }
  const machine = head.machine && { ...head.machine, index: index(2) }
  const known = { ...head, end: index(3 + decided), configuration, machine }
  const snapshot = { head: known, sessions, state }
  return { snapshot, base: index(3) }
}

function bigEndian(value: number): readonly number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff)
}
