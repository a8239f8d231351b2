/**
 * By which keys this end and its peers understand each other while a group goes over from one secret to another: what is said to a
 * peer is sealed with the key that it was last heard with. Knows keys and who may be told; whence they come is for others.
 */
import type { ReplicaId } from '@unanimous/core'
import { toHex } from './hex.ts'
import type { LinkSecrets } from './link-identity.ts'
import { SignalSeal, type Opened, type SealParts } from './signal-seal.ts'

/** The secrets that a mesh goes by from now on. */
export interface SecretRing {
  /** The group's: its key, and its text, which peers that are behind are told. */
  readonly current: { readonly key: Uint8Array; readonly text: string }
  /** Keys of secrets of before. */
  readonly old: readonly Uint8Array[]
  /** Keys of secrets that peers told of, and that are not known to be the group's yet. */
  readonly heard: readonly Uint8Array[]
  /** Whether a peer that only knows a secret of before is let in, and told the newest one. */
  readonly mayTell: (peer: ReplicaId) => boolean
}

/** `turned`: it spoke with another key than we would have used to it. */
export type Understood =
  | { readonly ok: true; readonly text: string; readonly turned: boolean }
  | Extract<Opened, { readonly ok: false }>

/** How a peer stands whose link is up. `behind`: it is to be told. `shut`: it may not be. */
export type Standing = 'current' | 'behind' | 'shut'

interface Known {
  readonly key: Uint8Array
  readonly seal: SignalSeal
}

interface Ring {
  readonly current: Known
  readonly old: readonly Known[]
  readonly heard: readonly Known[]
}

export class MeshSecrets {
  readonly #parts: SealParts
  /** Which key each peer was last heard with. */
  readonly #spoken = new Map<ReplicaId, Known>()
  #byName = new Map<string, Known>()
  #ring: Ring
  #mayTell: SecretRing['mayTell'] = () => false
  /** Which secret each peer was told over the link that it has. */
  readonly #told = new Map<ReplicaId, string>()
  /** What peers that are behind are told; empty: nothing yet. */
  #text = ''

  constructor({ self, room, groupKey, randomBytes }: SealParts) {
    this.#parts = { self, room, groupKey, randomBytes }
    this.#ring = { current: this.#of(groupKey), old: [], heard: [] }
  }

  /** What the peer is to be told over its link, once; undefined: nothing. */
  tells(peer: ReplicaId): string | undefined {
    if (this.#text === '' || this.#told.get(peer) === this.#text) return undefined
    this.#told.set(peer, this.#text)
    return this.#text
  }

  /** Its link is down: over the next one it is told again. */
  lost(peer: ReplicaId): void {
    this.#told.delete(peer)
    this.#spoken.delete(peer)
  }

  turn({ current, old, heard, mayTell }: SecretRing): void {
    this.#ring = {
      current: this.#of(current.key),
      old: old.map((key) => this.#of(key)),
      heard: heard.map((key) => this.#of(key)),
    }
    this.#text = current.text
    this.#mayTell = mayTell
    const all = [this.#ring.current, ...this.#ring.old, ...this.#ring.heard]
    this.#byName = new Map(all.map((known) => [toHex(known.key), known]))
    for (const [peer, spoken] of this.#spoken) {
      if (!all.includes(spoken)) this.#spoken.delete(peer)
    }
  }

  forget(peer: ReplicaId): void {
    this.#spoken.delete(peer)
  }

  /** For the proofs of a link with the peer. */
  with(peer: ReplicaId): LinkSecrets {
    return {
      speaks: () => this.#spokenWith(peer).key,
      known: () => this.#understood(peer).map(({ key }) => key),
    }
  }

  seal(to: ReplicaId, text: string): string {
    return this.#spokenWith(to).seal.seal(to, text)
  }

  open(from: ReplicaId, data: string): Understood {
    for (const known of this.#understood(from)) {
      const opened = known.seal.open(from, data)
      if (!opened.ok && opened.why === 'unreadable') continue
      if (!opened.ok) return opened
      const turned = this.#spokenWith(from) !== known
      this.#spoken.set(from, known)
      return { ...opened, turned }
    }
    return { ok: false, why: 'unreadable' }
  }

  /** `proven`: the key by which its link came up. */
  standing(peer: ReplicaId, proven: Uint8Array | undefined): Standing {
    const { current, heard } = this.#ring
    if ([current, ...heard].some(({ key }) => key === proven)) return 'current'
    return this.#mayTell(peer) ? 'behind' : 'shut'
  }

  #spokenWith(peer: ReplicaId): Known {
    return this.#spoken.get(peer) ?? this.#ring.current
  }

  #understood(peer: ReplicaId): readonly Known[] {
    const { current, old, heard } = this.#ring
    return [current, ...heard, ...(this.#mayTell(peer) ? old : [])]
  }

  /** One for each key, as long as it is in use: its seal remembers what it opened. */
  #of(key: Uint8Array): Known {
    const name = toHex(key)
    const known = this.#byName.get(name) ?? {
      key,
      seal: new SignalSeal({ ...this.#parts, groupKey: key }),
    }
    this.#byName.set(name, known)
    return known
  }
}
