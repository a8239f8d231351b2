import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { CommandEntry, ConfigEntry } from '../protocol/entry.ts'
import type { GroupId, GroupName, VoteId } from '../protocol/ids.ts'
import { firstEpoch, incarnation, index, replicaId, wallMillis } from '../protocol/ids.ts'
import type { Message } from '../protocol/message.ts'
import type { SnapshotHead } from '../protocol/snapshot-state.ts'
import { hashOfState } from '../protocol/snapshot-transfer.ts'
import { createEntriesCodec } from './entries-codec.ts'
import { createMessageCodec } from './message-codec.ts'
import { encodeRecord, journalStart, readJournal } from './journal.ts'

const leader = replicaId('a'.repeat(32))
const author = replicaId('b'.repeat(32))
const group: GroupName = { id: 'c'.repeat(64) as GroupId, epoch: firstEpoch }
const ballot = { num: 2, node: leader }

const command = (seq: number, ...bytes: readonly number[]): CommandEntry => ({
  kind: 'command',
  ballot,
  stamp: wallMillis(1_700_000_000_000),
  author,
  incarnation: incarnation(1),
  session: index(2),
  low: 0,
  seq,
  command: Uint8Array.from(bytes),
})

/** By which the group goes over to its second secret: one of two voters has a box. */
const rotating: ConfigEntry = {
  ...{ kind: 'config', ballot, stamp: wallMillis(1_700_000_000_000) },
  voters: [author as string as VoteId],
  joins: { [author as string as VoteId]: index(1) },
  rotation: { number: 1, hash: 'd'.repeat(32), stays: [leader, author] },
  boxes: {
    key: new Uint8Array(32).fill(7),
    boxes: [{ store: author, sealed: new Uint8Array(32).fill(8) }],
  },
}

const text = (character: string, times: number): string =>
  character.charCodeAt(0).toString(16).repeat(times)
const header = `05d940${text('c', 64)}00a0`
const leaderHex = `d920${text('a', 32)}`
const authorHex = `d920${text('b', 32)}`

/** `[7]` as JSON: where 298 commands led. */
const state = Uint8Array.of(0x5b, 0x37, 0x5d)

const headOf = (bytes: Uint8Array): SnapshotHead => ({
  ...{ end: index(300), last: { ballot, stamp: wallMillis(1_700_000_000_000) } },
  configuration: {
    ...{ index: index(1), voters: [author as string as VoteId] },
    joins: { [author as string as VoteId]: index(1) },
  },
  ...{ digest: 'd'.repeat(64), commands: 298, hash: hashOfState(bytes) },
  ...{ sessionCount: 1, stateBytes: bytes.length, sessionsFloor: index(2) },
  machine: { index: index(2), version: 2 },
})

const frames: readonly (readonly [string, Message, GroupName | undefined, string])[] = [
  ['join', { type: 'join' }, undefined, '9505a000a00d'],
  [
    'accepted',
    {
      ...{ type: 'accepted', ballot, votes: [author as string as VoteId] },
      ...{ logEnd: index(300), decidedEnd: index(299) },
    },
    group,
    `9a${header}0702${leaderHex}91${authorHex}cd012ccd012b`,
  ],
  [
    'readIndexReply',
    {
      ...{ type: 'readIndexReply', incarnation: incarnation(2), question: 3 },
      index: index(300),
    },
    group,
    `98${header}170203cd012c`,
  ],
  [
    'verdict',
    {
      ...{ type: 'verdict', to: author, incarnation: incarnation(3), verdict: 'held' },
      votes: [author as string as VoteId],
    },
    group,
    `99${header}1c${authorHex}030091${authorHex}`,
  ],
  [
    'propose',
    {
      ...{
        type: 'propose',
        author,
        incarnation: incarnation(1),
        session: index(2),
        low: 0,
        seq: 0,
      },
      commands: [Uint8Array.of(1), Uint8Array.of(2, 3)],
    },
    group,
    `9c${header}0b${authorHex}01020000920102c403010203`,
  ],
  [
    'relayed',
    {
      ...{ type: 'relayed', path: [leader, replicaId('d'.repeat(32)), author], at: 1 },
      ...{ incarnation: incarnation(1), number: 5, seal: new Uint8Array(), key: new Uint8Array() },
      message: { type: 'takeOver', ballot },
    },
    group,
    `9e${header}1193${leaderHex}d920${text('d', 32)}${authorHex}010105c400c4000c02${leaderHex}`,
  ],
  [
    'accept',
    {
      ...{ type: 'accept', ballot, from: index(299) },
      ...{ entries: [command(0, 1), command(1, 2, 3)], decidedEnd: index(299) },
    },
    group,
    `9a${header}0602${leaderHex}cd012bc45d919b0402${leaderHex}cf0000018bcfe56800${authorHex}01020000920102c403010203cd012b`,
  ],
  [
    'accept of a version',
    {
      ...{ type: 'accept', ballot, from: index(299), decidedEnd: index(299) },
      entries: [{ kind: 'machine', ballot, stamp: wallMillis(1_700_000_000_000), version: 2 }],
    },
    group,
    `9a${header}0602${leaderHex}cd012bc430919505` + `02${leaderHex}cf0000018bcfe5680002cd012b`,
  ],
  [
    'stream',
    {
      ...{ type: 'stream', ballot, ageMs: 20, path: [author], from: index(299), summed: false },
      entries: [command(0, 1)],
    },
    group,
    `9c${header}2102${leaderHex}1491${authorHex}cd012bc2c45a919b0402${leaderHex}cf0000018bcfe56800${authorHex}010200009101c40101`,
  ],
  [
    'declined',
    { type: 'declined', configIndex: index(3), instead: [author] },
    group,
    `97${header}220391${authorHex}`,
  ],
  [
    'sighting',
    {
      ...{ type: 'sighting', member: author, incarnation: incarnation(2), seq: 5 },
      shown: Uint8Array.of(0x78),
    },
    group,
    `99${header}25${authorHex}0205c40178`,
  ],
  [
    'ask',
    {
      type: 'ask',
      incarnation: incarnation(2),
      question: 7,
      act: 'lead',
      about: author,
      rotations: 0,
    },
    group,
    `9a${header}23020700${authorHex}00`,
  ],
  [
    'another secret',
    { type: 'accept', ballot, from: index(300), entries: [rotating], decidedEnd: index(300) },
    group,
    `9a${header}0602${leaderHex}cd012cc50124919902` +
      `02${leaderHex}cf0000018bcfe5680091${authorHex}9101` +
      `90` +
      `9401d920${text('d', 32)}${leaderHex}${authorHex}` +
      `93c420${'07'.repeat(32)}${authorHex}c420${'08'.repeat(32)}cd012c`,
  ],
  [
    'pullSnapshot',
    { type: 'pullSnapshot', ballot, end: index(300), at: 1 },
    group,
    `99${header}1e02${leaderHex}cd012c01`,
  ],
  [
    'snapshotPiece',
    {
      ...{ type: 'snapshotPiece', ballot, head: headOf(state), at: 0, state },
      sessions: [
        {
          ...{ author, incarnation: incarnation(1), opened: index(2) },
          ...{ usedAt: wallMillis(1_700_000_000_000), end: 297, ahead: [299] },
        },
      ],
    },
    group,
    `9b${header}1f02${leaderHex}c4c29fcd012c02${leaderHex}cf0000018bcfe568000191${authorHex}9101d940${text('d', 64)}cd012ad9203538396666643361636635323261653831313932353739663239373538396539010302020200c4369801${authorHex}0102cf0000018bcfe56800cd012901cd012bc4035b375d`,
  ],
]

const record = `f6685ab694050000929200c420${'09'.repeat(32)}920201`

const hexOf = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16))

/** The hexadecimal digits of each fence of the document, without words and spaces. */
const documented: readonly string[] = readFileSync(
  new URL('../../../../docs/PROTOCOL.md', import.meta.url),
  'utf8',
)
  .split('```')
  .map((part) => part.replace(/#.*|^text$/gm, '').replace(/\s/g, ''))

describe('golden bytes', () => {
  it.each(frames)('[CO9] %s is these bytes, and these bytes are it', (_, message, sender, hex) => {
    const codec = createMessageCodec(createEntriesCodec())
    expect(hexOf(codec.encode(message, sender))).toBe(hex)
    const { id, epoch } = sender ?? { id: undefined, epoch: firstEpoch }
    const frame = { group: id, epoch, message }
    expect(codec.decode(bytesOf(hex))).toEqual({ ok: true, frame })
  })

  it('[CO9] [JO7] the documented examples are these bytes', () => {
    for (const [, , , hex] of frames) expect(documented).toContain(hex)
    expect(documented).toContain(record)
  })

  it('[JO7] the first record of a store is these bytes, and these bytes are it', () => {
    const secret = new Uint8Array(32).fill(9)
    const ops = [
      { type: 'identity', secret },
      { type: 'start', incarnation: incarnation(1) },
    ] as const
    expect(hexOf(encodeRecord(ops, journalStart, createEntriesCodec()).bytes)).toBe(record)
    const read = readJournal([bytesOf(record)], createEntriesCodec())
    expect(read).toMatchObject({ secret, incarnation: 1, end: { position: 1 } })
  })
})
