/** Checked reading of decoded values: every field is what it must be, or the whole is refused with a reason. */
import { Decoder, Encoder } from '@msgpack/msgpack'
import type { Ballot } from '../protocol/ballot.ts'
import type {
  Epoch,
  GroupId,
  Incarnation,
  Index,
  ReplicaId,
  VoteId,
  WallMillis,
} from '../protocol/ids.ts'
import { isCount, isGroupId, isReplicaId, isVoteId } from '../protocol/ids.ts'
import { roomLengthMax, votesMax } from '../protocol/limits.ts'
import { Malformed } from './malformed.ts'
import { checkShape } from './shape.ts'

const stringLengthMax = 4 * roomLengthMax
export const packer: Encoder = new Encoder()
const unpacker = new Decoder({
  maxStrLength: stringLengthMax,
  maxMapLength: 0,
  maxExtLength: 0,
})

/** The top-level array of `bytes`. Whatever the library throws on garbage becomes `Malformed`. */
export function unpack(bytes: Uint8Array): Reader {
  // A list is no longer than its bytes: whoever reads one bounds it closer.
  checkShape(bytes)
  let value: unknown
  try {
    value = unpacker.decode(bytes)
  } catch (cause) {
    throw new Malformed('not MessagePack', { cause })
  }
  return new Reader(value)
}

/** The first element of the list, below 128 in every version: readable though nothing after it may be. */
export function versionOf(bytes: Uint8Array): number | undefined {
  const [head = 0, second, , fourth] = bytes
  const version = (head & 0xf0) === 0x90 ? second : head === 0xdc ? fourth : undefined
  return version !== undefined && version < 0x80 ? version : undefined
}

/** Reads the elements of one array in order. */
export class Reader {
  readonly #values: readonly unknown[]
  #next = 0

  constructor(value: unknown) {
    if (!Array.isArray(value)) throw new Malformed('not an array')
    this.#values = value
  }

  #take(): unknown {
    if (this.#next >= this.#values.length) throw new Malformed('too short')
    return this.#values[this.#next++]
  }

  /** Nothing may follow what was read: a longer message is one that we do not understand. */
  end(): void {
    if (this.#next !== this.#values.length) throw new Malformed('too long')
  }

  /** What comes next, unchecked and left where it is. */
  peek(): unknown {
    return this.#values[this.#next]
  }

  get left(): number {
    return this.#values.length - this.#next
  }

  count(max: number = Number.MAX_SAFE_INTEGER): number {
    const value = this.#take()
    if (!isCount(value) || value > max) throw new Malformed('not a count within bounds')
    return value
  }

  index(): Index {
    return this.count() as Index
  }

  incarnation(): Incarnation {
    return this.count() as Incarnation
  }

  wall(): WallMillis {
    return this.count() as WallMillis
  }

  flag(): boolean {
    const value = this.#take()
    if (typeof value !== 'boolean') throw new Malformed('not a flag')
    return value
  }

  text(lengthMax: number = stringLengthMax): string {
    const value = this.#take()
    if (typeof value !== 'string' || value.length > lengthMax) throw new Malformed('not a text')
    return value
  }

  oneOf<const T extends string>(values: readonly T[]): T {
    const value = values[this.count(values.length - 1)]
    if (value === undefined) throw new Malformed('not one of the known values')
    return value
  }

  bytes(lengthMax: number): Uint8Array {
    const value = this.#take()
    if (!(value instanceof Uint8Array) || value.length > lengthMax) throw new Malformed('not bytes')
    return value
  }

  replica(): ReplicaId {
    const value = this.#take()
    if (!isReplicaId(value)) throw new Malformed('not a replica id')
    return value
  }

  group(): GroupId | undefined {
    const value = this.#take()
    if (value === '') return undefined
    if (!isGroupId(value)) throw new Malformed('not a group id')
    return value
  }

  /** 32 hex digits, or empty for none. */
  hash(): string {
    const value = this.#take()
    if (value !== '' && !isReplicaId(value)) throw new Malformed('not a hash')
    return value
  }

  epoch(): Epoch {
    const number = this.count()
    const id = this.#take()
    if (id !== '' && !isReplicaId(id)) throw new Malformed('not an epoch')
    return { number, id }
  }

  /** The zero ballot is the number 0 without a node. */
  ballot(): Ballot {
    const num = this.count()
    const node = this.#take()
    if (num === 0 && node === '') return { num, node: '' as ReplicaId }
    if (num === 0 || !isReplicaId(node)) throw new Malformed('not a ballot')
    return { num, node }
  }

  inner(): Reader {
    return new Reader(this.#take())
  }

  replicas(countMax: number): readonly ReplicaId[] {
    const list = this.inner()
    if (list.left > countMax) throw new Malformed('too many ids')
    const ids: ReplicaId[] = []
    while (list.left > 0) ids.push(list.replica())
    return ids
  }

  vote(): VoteId {
    const value = this.#take()
    if (!isVoteId(value)) throw new Malformed('not a vote')
    return value
  }

  votes(): readonly VoteId[] {
    const list = this.inner()
    if (list.left > votesMax) throw new Malformed('too many votes')
    const votes: VoteId[] = []
    while (list.left > 0) votes.push(list.vote())
    return votes
  }
}
