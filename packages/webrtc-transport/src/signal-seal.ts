/**
 * Signals that only members can read or write: sealed with a key of the group, for one reader, by one writer. Whoever
 * carries them, a server or another member, learns how long they are. Knows nothing of what they say.
 */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import type { ReplicaId } from '@unanimous/core'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { fromBase64, toBase64 } from './base64.ts'

const keyDomain = utf8ToBytes('unanimous signals 1')
/** Long enough to be drawn at random for ever. */
const nonceBytes = 24
const tagBytes = 16
/** Seals that were opened; one that comes again within so many others is the same signal by another way. */
const openedMax = 1024

export interface SealParts {
  readonly self: ReplicaId
  readonly room: string
  readonly groupKey: Uint8Array
  /** Cryptographically strong. */
  readonly randomBytes: (length: number) => Uint8Array
}

/** `unreadable`: not sealed by that writer for us with this group's key. `repeated`: it was opened before. */
export type Opened =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: 'unreadable' | 'repeated' }

/** The seal of one end: it remembers what it opened. */
export class SignalSeal {
  readonly #parts: SealParts
  readonly #key: Uint8Array
  readonly #opened = new Set<string>()

  constructor(parts: SealParts) {
    this.#parts = parts
    this.#key = hkdf(sha256, parts.groupKey, undefined, keyDomain, 32)
  }

  /** For `to` alone. */
  seal(to: ReplicaId, text: string): string {
    const nonce = this.#parts.randomBytes(nonceBytes)
    const sealed = this.#cipher(nonce, this.#parts.self, to).encrypt(utf8ToBytes(text))
    const bytes = new Uint8Array(nonceBytes + sealed.length)
    bytes.set(nonce)
    bytes.set(sealed, nonceBytes)
    return toBase64(bytes)
  }

  open(from: ReplicaId, sealed: string): Opened {
    const bytes = fromBase64(sealed)
    if (bytes === undefined || bytes.length < nonceBytes + tagBytes) return unreadable
    const nonce = bytes.subarray(0, nonceBytes)
    let text: string
    try {
      const cipher = this.#cipher(nonce, from, this.#parts.self)
      text = new TextDecoder().decode(cipher.decrypt(bytes.subarray(nonceBytes)))
    } catch {
      // The library throws at a tag that does not fit; there is nothing else that it could say.
      return unreadable
    }
    const name = toBase64(nonce)
    if (this.#opened.has(name)) return { ok: false, why: 'repeated' }
    this.#opened.add(name)
    for (const oldest of this.#opened) {
      if (this.#opened.size <= openedMax) break
      this.#opened.delete(oldest)
    }
    return { ok: true, text }
  }

  #cipher(nonce: Uint8Array, from: ReplicaId, to: ReplicaId): ReturnType<typeof xchacha20poly1305> {
    // Bound to who says it to whom and where: what is cut out of one conversation opens in no other.
    const bound = utf8ToBytes(`unanimous signal 1\n${from}\n${to}\n${this.#parts.room}`)
    return xchacha20poly1305(this.#key, nonce, bound)
  }
}

const unreadable: Opened = { ok: false, why: 'unreadable' }
