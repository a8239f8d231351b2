/**
 * What takes a way through others is protected end to end: a relay can drop it, and neither forge nor alter it. Knows keys
 * and bytes; who says what to whom is for the transition.
 */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { MessageCodec } from '../codec/message-codec.ts'
import type { GroupName, Millis, ReplicaId } from '../protocol/ids.ts'
import { peersMax, sealBytes, tagBytes, vouchedMax } from '../protocol/limits.ts'
import type { Beacon, Gossip, Relayed, Vouch } from '../protocol/message.ts'
import type { Keys } from './identity.ts'
import { idOfKey } from './identity.ts'
import { KeyRate } from './key-rate.ts'

const sealDomain = utf8ToBytes('unanimous seal 1')
const tagDomain = utf8ToBytes('unanimous beacon 1')

/**
 * `rumour`: nothing vouches for it here, and somebody farther on may know better. `forged`: nobody can have said that.
 * `newKeys`: not looked at, for who tells it told of too many that were never heard of.
 */
export type Standing = 'believed' | 'rumour' | 'forged' | 'newKeys'

/** Who tells something, and when. */
export interface Telling {
  readonly by: ReplicaId
  readonly now: Millis
}

/** The secrets that this store shares with others, for as many as it may have peers. */
export class Seals {
  readonly #keys: Keys
  readonly #self: ReplicaId
  readonly #codec: MessageCodec
  /** Least recently heard of first. */
  readonly #secrets = new Map<ReplicaId, Uint8Array>()
  readonly #rate = new KeyRate()

  constructor(keys: Keys, codec: MessageCodec) {
    this.#keys = keys
    this.#self = idOfKey(keys.publicKey)
    this.#codec = codec
  }

  /** A key proves by itself whose it is, so it may come from anybody. False: it is not this one's. */
  learn(id: ReplicaId, key: Uint8Array): boolean {
    const known = this.#secrets.get(id)
    if (known !== undefined) {
      this.#secrets.delete(id)
      this.#secrets.set(id, known)
      return true
    }
    if (key.length === 0 || idOfKey(key) !== id) return false
    const secret = this.#keys.agree(key)
    if (secret === undefined) return false
    this.#secrets.set(id, secret)
    for (const old of this.#secrets.keys())
      if (this.#secrets.size > peersMax) this.#secrets.delete(old)
    return true
  }

  /** What this store and that one agree on, which nobody else knows; undefined: its key was never heard of. */
  agreedWith(id: ReplicaId): Uint8Array | undefined {
    return id === this.#self ? this.#keys.agree(this.#keys.publicKey) : this.#secrets.get(id)
  }

  /** For everybody whom this store has heard of and who does not hear it itself. */
  vouch(beacon: Beacon, group: GroupName | undefined, hears: (id: ReplicaId) => boolean): Vouch {
    // The newest heard of come first: they are the ones that are there.
    const receivers = [...this.#secrets.keys()].filter((id) => !hears(id)).slice(-vouchedMax)
    const word = receivers.length === 0 ? new Uint8Array() : this.#codec.word(beacon, group)
    const tags = receivers.map((id) => this.#tag(id, this.#self, word))
    return { key: this.#keys.publicKey, receivers, tags: concatBytes(...tags) }
  }

  /** Learns the key in it, whatever it says. */
  judge({ origin, beacon }: Gossip, group: GroupName | undefined, { by, now }: Telling): Standing {
    const { key, receivers, tags } = beacon.vouch
    if (!this.#secrets.has(origin) && !this.#rate.mayTell(by, now)) return 'newKeys'
    if (!this.learn(origin, key)) return 'forged'
    const at = receivers.indexOf(this.#self)
    if (at === -1) return 'rumour'
    const tag = tags.subarray(at * tagBytes, (at + 1) * tagBytes)
    const genuine = this.#tag(origin, origin, this.#codec.word(beacon, group))
    return isSame(tag, genuine) ? 'believed' : 'forged'
  }

  /**
   * Undefined: this store shares no secret with the destination, so nothing it says would be believed. `keyed`: the destination
   * may never have heard of this store.
   */
  seal(message: Relayed, group: GroupName | undefined, keyed = false): Relayed | undefined {
    const seal = this.#sealOf(message.path.at(-1), message, group)
    if (seal === undefined) return undefined
    return { ...message, seal, ...(keyed ? { key: this.#keys.publicKey } : {}) }
  }

  /** Learns the key of somebody far away, if it comes along. */
  meet({ path, key }: Relayed, { by, now }: Telling): void {
    const [origin] = path
    if (origin === undefined || key.length === 0 || this.#secrets.has(origin)) return
    if (this.#rate.mayTell(by, now)) this.learn(origin, key)
  }

  /** Whether the first store on the path said this, to the last one. */
  isGenuine(message: Relayed, group: GroupName | undefined): boolean {
    const seal = this.#sealOf(message.path[0], message, group)
    return seal !== undefined && isSame(message.seal, seal)
  }

  #sealOf(
    other: ReplicaId | undefined,
    message: Relayed,
    group: GroupName | undefined,
  ): Uint8Array | undefined {
    const secret = other === undefined ? undefined : this.#secrets.get(other)
    if (secret === undefined) return undefined
    const bytes = concatBytes(sealDomain, this.#codec.word(message, group))
    return hmac(sha256, secret, bytes).subarray(0, sealBytes)
  }

  #tag(other: ReplicaId, origin: ReplicaId, word: Uint8Array): Uint8Array {
    const secret = this.#secrets.get(other) ?? new Uint8Array()
    const bytes = concatBytes(tagDomain, utf8ToBytes(origin), word)
    return hmac(sha256, secret, bytes).subarray(0, tagBytes)
  }
}

/** In a time that says nothing about where they differ. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  return a.reduce((sum, byte, at) => sum | (byte ^ (b[at] ?? 0)), 0) === 0
}
