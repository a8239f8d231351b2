/**
 * The secrets of the group that this store knows: the one that it goes by, those of before, and those that peers told of. Only a
 * secret that the log names takes the place of another one. Knows no links: whoever has some asks which secrets to use.
 */
import { present } from '../base/assert.ts'
import type { StoredSecret } from '../codec/journal.ts'
import type { ReplicaEvent } from '../protocol/effects.ts'
import type { GroupId, ReplicaId } from '../protocol/ids.ts'
import { heardSecretsMax, oldSecretsMax, secretLengthMax } from '../protocol/limits.ts'
import { decidedConfiguration } from '../protocol/configuration.ts'
import { newestConfiguration } from '../protocol/log.ts'
import type { Box, Rotation } from '../protocol/rotation.ts'
import type { ProtocolState } from '../protocol/state.ts'
import { wishFor } from '../protocol/wishes.ts'
import type { Input } from '../replica/input.ts'
import type { Keys } from './identity.ts'
import { idOfKey } from './identity.ts'
import { drawnSecret, hashOfSecret, isSecretOf, openBox, sealBox } from './secret-box.ts'

/** What links need to know. The same object until something changes. */
export interface KnownSecrets {
  /** Which this store goes by. */
  readonly current: StoredSecret
  /** Those of before, the newest last: for whoever was away since. */
  readonly old: readonly StoredSecret[]
  /** What peers or the application told of, and the log has not named yet. */
  readonly heard: readonly string[]
}

export interface GroupSecretsParts {
  readonly keys: Keys
  readonly protocol: ProtocolState
  readonly group: () => GroupId | undefined
  /** What is on the disk, the newest last. */
  readonly stored: readonly StoredSecret[]
  /** What the application was told, by its link or otherwise; empty: nothing. */
  readonly told: string
  /** Fills an array with cryptographically strong bytes. */
  readonly random: (length: number) => Uint8Array
  /** Of this store and that one; undefined: its key is not known. */
  readonly agreedWith: (store: ReplicaId) => Uint8Array | undefined
  /** Another secret is gone by from here on: these are to be on the disk. */
  readonly keep: (secrets: readonly StoredSecret[]) => void
}

type Due = Extract<ReplicaEvent, { readonly type: 'rotationDue' }>

/** What one store knows of the secrets of its group. */
export class GroupSecrets {
  readonly #parts: GroupSecretsParts
  #known: KnownSecrets
  /** The newest secret that the log names and that was looked for. */
  #looked: Rotation | undefined

  constructor(parts: GroupSecretsParts) {
    this.#parts = parts
    const { stored, told } = parts
    const current = stored.at(-1) ?? { number: 0, secret: told }
    const isNew = !stored.some(({ secret }) => secret === told)
    const heard = stored.length > 0 && isNew && told !== '' ? [told] : []
    this.#known = { current, old: stored.slice(0, -1), heard }
  }

  get known(): KnownSecrets {
    return this.#known
  }

  /** A peer says that this is the group's secret: believed once the log says so, too. */
  hear(secret: string): void {
    const { current, old, heard } = this.#known
    if (secret === '' || secret.length > secretLengthMax || heard.includes(secret)) return
    if (secret === current.secret || old.some((each) => each.secret === secret)) return
    this.#known = { ...this.#known, heard: [...heard, secret].slice(-heardSecretsMax) }
    this.#looked = undefined
    this.look()
  }

  /** After each step: the group may have gone over to another secret. */
  look(): void {
    const { protocol, group: groupOf } = this.#parts
    const rotation = decidedConfiguration(protocol)?.rotation
    const group = groupOf()
    if (rotation === undefined || group === undefined || rotation === this.#looked) return
    this.#looked = rotation
    const { current, heard } = this.#known
    const place = { group, rotation }
    const { number } = rotation
    if (isSecretOf(place, current.secret)) {
      // A new link told of it before the log did.
      if (current.number !== number) this.#goBy({ number, secret: current.secret })
      return
    }
    const found =
      heard.find((secret) => isSecretOf(place, secret)) ?? this.#unboxed(group, rotation)
    if (found !== undefined) this.#goBy({ number, secret: found })
  }

  /** Whether a peer that goes by a secret of before may be told the new one. */
  mayTell(peer: ReplicaId): boolean {
    const { protocol } = this.#parts
    const stays = decidedConfiguration(protocol)?.rotation?.stays ?? []
    if (wishFor(newestConfiguration(protocol.log)?.wishes, peer) === 'out') return false
    return stays.includes(peer)
  }

  /** Another secret, in a box for each of those who vote and whose key is known here. Only a leader asks for it. */
  draw({ number, voters, stays }: Due): Extract<Input, { readonly type: 'rotate' }> {
    const { random, keys, group: groupOf, agreedWith } = this.#parts
    const group = present(groupOf(), 'who leads is in a group')
    const secret = drawnSecret(random)
    const rotation = { number, hash: hashOfSecret(group, number, secret), stays }
    const boxes = voters.flatMap((store): Box[] => {
      const agreed = agreedWith(store)
      if (agreed === undefined) return []
      return [{ store, sealed: sealBox(agreed, { group, rotation, store }, secret) }]
    })
    return { type: 'rotate', rotation, boxes: { key: keys.publicKey, boxes } }
  }

  /** The secret in this store's own box, if the entry is here and has one. */
  #unboxed(group: GroupId, rotation: Rotation): string | undefined {
    const { protocol, keys } = this.#parts
    const { log } = protocol
    const began = log.configurations.find((each) => each.rotation?.number === rotation.number)
    const entry = log.entries[(began?.index ?? -1) - log.base]
    if (entry?.kind !== 'config' || entry.boxes === undefined) return undefined
    const { key, boxes } = entry.boxes
    const store = protocol.self
    const box = boxes.find((each) => each.store === store)
    // Whoever appended the entry made its boxes.
    if (box === undefined || idOfKey(key) !== entry.ballot.node) return undefined
    const agreed = keys.agree(key)
    return agreed && openBox(agreed, { group, rotation, store }, box.sealed)
  }

  #goBy(next: StoredSecret): void {
    const { current, old } = this.#known
    const before = current.secret === next.secret ? old : [...old, current]
    this.#known = { current: next, old: before.slice(-oldSecretsMax), heard: [] }
    this.#parts.keep([...this.#known.old, next])
  }
}
