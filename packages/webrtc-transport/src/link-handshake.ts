/**
 * The hellos and proofs of one generation of a link: gathers what both ends said and saw, and judges what the peer shows.
 * Knows no order; that is in link-step.ts.
 */
import type { ReplicaId } from '@unanimous/core'
import type { Hello } from './framing.ts'
import type { LinkIdentity, LinkSecrets } from './link-identity.ts'
import { fingerprintsOf, isSameProof, proofsOf, type Proofs } from './link-proof.ts'
import type { PeerSignal } from './link-signal.ts'

export interface HandshakeParts {
  readonly identity: LinkIdentity
  readonly wireVersion: number
  readonly role: 'dialer' | 'answerer'
  /** Drawn for this generation alone. */
  readonly nonce: Uint8Array
  readonly secrets: LinkSecrets
}

export class LinkHandshake {
  readonly #parts: HandshakeParts
  readonly #hello: Hello
  #theirs: Hello | undefined
  #ourFingerprints = ''
  #theirFingerprints = ''
  /** By what the two were understood when this generation began: the secret of either end may become another one meanwhile. */
  readonly #spoken: Uint8Array
  #pairKey: Uint8Array | undefined
  #proven: Uint8Array | undefined

  constructor(parts: HandshakeParts) {
    const { identity, wireVersion, nonce } = parts
    const { publicKey } = identity.keys
    this.#parts = parts
    this.#spoken = parts.secrets.speaks()
    this.#hello = { kind: 'hello', wireVersion, publicKey, nonce }
  }

  /** A signal of our own channel. */
  describedByUs(signal: PeerSignal): void {
    if (signal.type !== 'candidate') this.#ourFingerprints = fingerprintsOf(signal.sdp)
  }

  /** A signal of the channel at the other end. */
  describedByPeer(signal: PeerSignal): void {
    if (signal.type !== 'candidate') this.#theirFingerprints = fingerprintsOf(signal.sdp)
  }

  hello(): Hello {
    return this.#hello
  }

  /** Takes their hello. Whose key it is: whether it has the other half of it too, its proof will show. */
  greeted(hello: Hello): ReplicaId {
    // A second one changes nothing: it ends the link.
    this.#theirs ??= hello
    return this.#parts.identity.idOf(hello.publicKey)
  }

  /** What we show; undefined while their hello is missing, or for a key with which no secret can be shared. */
  proof(): Uint8Array | undefined {
    return this.#made(this.#spoken)?.[this.#parts.role]
  }

  isRight(mac: Uint8Array): boolean {
    const theirs = this.#parts.role === 'dialer' ? 'answerer' : 'dialer'
    this.#proven = this.#parts.secrets.known().find((groupKey) => {
      const proofs = this.#made(groupKey)
      return proofs !== undefined && isSameProof(mac, proofs[theirs])
    })
    return this.#proven !== undefined
  }

  /** The group key that they showed to know; undefined before. */
  get proven(): Uint8Array | undefined {
    return this.#proven
  }

  #made(groupKey: Uint8Array): Proofs | undefined {
    const { identity, role } = this.#parts
    if (this.#theirs === undefined) return undefined
    const pairKey = (this.#pairKey ??= identity.keys.agree(this.#theirs.publicKey))
    if (pairKey === undefined) return undefined
    const us = { ...this.#hello, fingerprints: this.#ourFingerprints }
    const them = { ...this.#theirs, fingerprints: this.#theirFingerprints }
    const [dialer, answerer] = role === 'dialer' ? [us, them] : [them, us]
    return proofsOf({ pairKey, groupKey, dialer, answerer })
  }
}
