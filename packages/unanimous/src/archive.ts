/**
 * The file that a person keeps of a group: what its machine had come to, as JSON that people and programs can read, with a checksum
 * over all of it. Knows its form, not where it comes from or what is begun from it.
 */
import { hashOfState, snapshotBytesMax } from '@unanimous/core'
import type { BadArchiveReason } from './errors.ts'
import { BadArchive } from './errors.ts'
import type { Json } from './json.ts'
import { whyNotJson } from './json.ts'
import { savedOf, stateIn } from './saved-state.ts'

/** What a file says of itself. */
export interface Archive {
  /** The machine's name, and the version that the state is of. */
  readonly machine: { readonly name: string; readonly version: number }
  /** Of which group, how often it had been begun anew, and how many entries of its log were decided. */
  readonly group: string
  readonly epoch: number
  readonly index: number
  /** When it was made, by the clock of the tab that made it. */
  readonly at: Date
  readonly state: Json
}

export interface ArchivedState extends Omit<Archive, 'state'> {
  /** As the machine's runner saves it. */
  readonly saved: Uint8Array
}

const format = 'unanimous archive'
const formatVersion = 1
/** The state, and a few words about it. */
const archiveBytesMax = snapshotBytesMax + 4096
const groupForm = /^[0-9a-f]{64}$/

export function writeArchive({ saved, at, machine, ...rest }: ArchivedState): Blob {
  const { name, version } = machine
  const content = {
    ...{ format, formatVersion, machine: { name, version }, ...rest, at: at.toISOString() },
    state: stateIn(saved),
  }
  const text = JSON.stringify({ ...content, checksum: checksumOf(content) })
  return new Blob([text], { type: 'application/json' })
}

const checksumOf = (content: object): string =>
  hashOfState(new TextEncoder().encode(JSON.stringify(content)))

/**
 * What is in a file that `admin.exportArchive` made. Rejects with `BadArchive`.
 *
 * @example
 * const { at, index, machine } = await readArchive(file)
 */
export async function readArchive(file: Blob): Promise<Archive> {
  if (file.size > archiveBytesMax) throw new BadArchive('too-large')
  const content = contentOf(await file.text())
  const { checksum, ...rest } = content
  if (content['format'] !== format) throw new BadArchive('not-an-archive')
  if (content['formatVersion'] !== formatVersion) throw new BadArchive('other-format')
  if (checksum !== checksumOf(rest)) throw new BadArchive('damaged')
  return archiveIn(rest)
}

/** A machine as far as it matters to what a file holds. */
interface Reading {
  readonly name: string
  readonly version: number
  readonly previous?: readonly { readonly version: number }[]
}

/** For a machine of that name that carries the version: what its runner restores. Rejects with `BadArchive`. */
export async function readArchiveFor(
  { name, version, previous = [] }: Reading,
  file: Blob,
): Promise<{ readonly state: Uint8Array; readonly version: number }> {
  const { machine, state } = await readArchive(file)
  const made = `${machine.name} ${machine.version}`
  if (machine.name !== name) throw new BadArchive('other-machine', made)
  const carried = [version, ...previous.map((older) => older.version)]
  if (!carried.includes(machine.version)) throw new BadArchive('other-version', made)
  return { state: savedOf(state), version: machine.version }
}

function contentOf(text: string): Readonly<Record<string, unknown>> {
  const read = (): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      throw new BadArchive('not-an-archive')
    }
  }
  const content = read()
  if (!isRecord(content)) throw new BadArchive('not-an-archive')
  return content
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The checksum holds; but anybody can make one. */
function archiveIn(content: Readonly<Record<string, unknown>>): Archive {
  const { machine, group, epoch, index, at, state } = content
  const bad = (why: BadArchiveReason = 'damaged'): never => {
    throw new BadArchive(why)
  }
  if (!isRecord(machine) || typeof machine['name'] !== 'string') return bad()
  if (typeof machine['version'] !== 'number') return bad()
  if (typeof group !== 'string' || !groupForm.test(group)) return bad()
  if (typeof epoch !== 'number' || typeof index !== 'number') return bad()
  if (typeof at !== 'string' || Number.isNaN(Date.parse(at))) return bad()
  if (state === undefined || whyNotJson(state) !== undefined) return bad()
  return {
    machine: { name: machine['name'], version: machine['version'] },
    ...{ group, epoch, index, at: new Date(at), state: state as Json },
  }
}
