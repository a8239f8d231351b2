/**
 * Entries as bytes. Commands of one author, stamp and ballot travel as one run, their bytes side by side: an entry costs its
 * payload and one length. One array of entries is encoded once, however many peers and disks it goes to.
 */
import type { Ballot } from '../protocol/ballot.ts'
import type { Command, CommandEntry, ConfigEntry, Entry, InSession } from '../protocol/entry.ts'
import { outOfSession } from '../protocol/entry.ts'
import { commandBytesMax, roomLengthMax } from '../protocol/limits.ts'
import type { Reader } from './reader.ts'
import { Malformed } from './malformed.ts'
import { packer, unpack } from './reader.ts'
import {
  packBoxes,
  packDecided,
  packVoters,
  unpackBoxes,
  unpackDecided,
  unpackVoters,
} from './voters-codec.ts'

/** `oldCommand`: of the time before there were sessions. */
const tags = { oldCommand: 0, genesis: 1, config: 2, noop: 3, command: 4, machine: 5 } as const
const nonceForm = /^[0-9a-f]{32}$/

export interface EntriesCodec {
  encode(entries: readonly Entry[]): Uint8Array
  /** Throws `Malformed`. `countMax`: more entries are refused before any is made. */
  decode(bytes: Uint8Array, countMax: number): readonly Entry[]
}

export function createEntriesCodec(): EntriesCodec {
  const known = new WeakMap<readonly Entry[], Uint8Array>()
  return {
    encode(entries) {
      const already = known.get(entries)
      if (already !== undefined) return already
      const bytes = packer.encode(runsOf(entries).map(packRun))
      known.set(entries, bytes)
      return bytes
    },
    decode(bytes, countMax) {
      const entries = unpackRuns(unpack(bytes), countMax)
      known.set(entries, bytes)
      return entries
    },
  }
}

/** Neighbours that share everything but their command. */
function runsOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const runs: Entry[][] = []
  let last: Entry | undefined
  for (const entry of entries) {
    if (last !== undefined && continuesRun(last, entry)) runs.at(-1)?.push(entry)
    else runs.push([entry])
    last = entry
  }
  return runs
}

function continuesRun(last: Entry, entry: Entry): boolean {
  return (
    last.kind === 'command' &&
    entry.kind === 'command' &&
    entry.seq === last.seq + 1 &&
    entry.author === last.author &&
    entry.incarnation === last.incarnation &&
    entry.session === last.session &&
    entry.low === last.low &&
    entry.stamp === last.stamp &&
    entry.ballot.num === last.ballot.num &&
    entry.ballot.node === last.ballot.node
  )
}

function packRun(run: readonly Entry[]): unknown[] {
  const [first] = run
  if (first === undefined) return []
  const old = first.kind === 'command' && first.session === 0
  const tag = old ? tags.oldCommand : tags[first.kind]
  const head = [tag, first.ballot.num, first.ballot.node, first.stamp]
  switch (first.kind) {
    case 'command':
      return [...head, ...packCommands(first, run as readonly CommandEntry[])]
    case 'genesis':
      return [...head, first.room, first.founder, first.nonce]
    case 'config':
      return [...head, ...packVoters(first), ...packDecided(first), ...packBoxes(first.boxes)]
    case 'machine':
      return [...head, first.version]
    case 'noop':
      return head
  }
}

function packCommands(first: CommandEntry, run: readonly CommandEntry[]): unknown[] {
  const commands = run.map(({ command }) => command)
  const place = first.session === 0 ? [] : [first.session, first.low]
  return [first.author, first.incarnation, ...place, first.seq, ...packBytes(commands)]
}

/** Their lengths, and all of them side by side. */
export function packBytes(commands: readonly Command[]): [number[], Uint8Array] {
  const lengths = commands.map(({ length }) => length)
  const joined = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
  let offset = 0
  for (const command of commands) {
    joined.set(command, offset)
    offset += command.length
  }
  return [lengths, joined]
}

/** Commands of one author, numbered without a hole. */
export function unpackBatch(
  reader: Reader,
  countMax: number,
): { readonly seq: number; readonly commands: readonly Command[] } {
  const seq = reader.count()
  const commands = unpackBytes(reader, countMax)
  // A number that no peer could read would stop whoever it is passed on to.
  if (seq > Number.MAX_SAFE_INTEGER - commands.length) throw new Malformed('too late a number')
  return { seq, commands }
}

function unpackBytes(reader: Reader, countMax: number): readonly Command[] {
  const lengths = reader.inner()
  if (lengths.left > countMax) throw new Malformed('too many commands')
  const joined = reader.bytes(Number.MAX_SAFE_INTEGER)
  const commands: Command[] = []
  let offset = 0
  while (lengths.left > 0) {
    const end = offset + lengths.count(commandBytesMax)
    if (end > joined.length) throw new Malformed('commands shorter than their lengths')
    commands.push(joined.subarray(offset, end))
    offset = end
  }
  if (offset !== joined.length) throw new Malformed('commands longer than their lengths')
  return commands
}

function unpackRuns(reader: Reader, countMax: number): readonly Entry[] {
  const entries: Entry[] = []
  while (reader.left > 0) {
    const run = reader.inner()
    if (entries.length >= countMax) throw new Malformed('too many entries')
    for (const entry of unpackRun(run, countMax - entries.length)) entries.push(entry)
    run.end()
  }
  return entries
}

function unpackRun(run: Reader, countMax: number): readonly Entry[] {
  const tag = run.count(tags.machine)
  const ballot = run.ballot()
  const stamp = run.wall()
  switch (tag) {
    case tags.command:
    case tags.oldCommand:
      return unpackCommands(run, { ballot, stamp, old: tag === tags.oldCommand }, countMax)
    case tags.genesis: {
      const room = run.text(roomLengthMax)
      const founder = run.replica()
      const nonce = run.text(32)
      if (!nonceForm.test(nonce)) throw new Malformed('not a nonce')
      return [{ kind: 'genesis', ballot, stamp, room, founder, nonce }]
    }
    case tags.config:
      return [{ kind: 'config', ballot, stamp, ...unpackConfig(run) }]
    case tags.machine: {
      const version = run.count()
      if (version === 0) throw new Malformed('not a version')
      return [{ kind: 'machine', ballot, stamp, version }]
    }
    default:
      return [{ kind: 'noop', ballot, stamp }]
  }
}

type Config = Omit<ConfigEntry, 'kind' | 'ballot' | 'stamp'>

function unpackConfig(run: Reader): Config {
  const config = { ...unpackVoters(run), ...unpackDecided(run), ...unpackBoxes(run) }
  if (config.boxes !== undefined && config.rotation === undefined) throw new Malformed('no secret')
  return config
}

type Stamped = Pick<Entry, 'stamp'> & { readonly ballot: Ballot; readonly old: boolean }

function unpackCommands(run: Reader, stamped: Stamped, countMax: number): readonly Entry[] {
  const author = run.replica()
  const incarnation = run.incarnation()
  const { ballot, stamp, old } = stamped
  const place = old ? outOfSession : unpackPlace(run)
  const { seq, commands } = unpackBatch(run, countMax)
  if (commands.length === 0) throw new Malformed('an empty run')
  return commands.map((command, offset) => ({
    kind: 'command',
    ballot,
    stamp,
    author,
    incarnation,
    ...place,
    seq: seq + offset,
    command,
  }))
}

/** A session begins in a log that holds its group's beginning. */
export function unpackPlace(reader: Reader): InSession {
  const place = { session: reader.index(), low: reader.count() }
  if (place.session === 0) throw new Malformed('a command without a session')
  return place
}
