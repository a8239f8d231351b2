/** Who this end is and which group it belongs to, as every link of it needs to know. Types only. */
import type { Keys, ReplicaId } from '@unanimous/core'

export interface LinkIdentity {
  readonly keys: Keys
  /** 32 bytes that all members share, to begin with; see group-key.ts. */
  readonly groupKey: Uint8Array
  /** Whose key that is. */
  readonly idOf: (publicKey: Uint8Array) => ReplicaId
}

/** The group keys that count between this end and one peer, at the moment. */
export interface LinkSecrets {
  /** With which we prove ourselves: the one that the peer was last heard with. */
  speaks(): Uint8Array
  /** With any of which the peer may. */
  known(): readonly Uint8Array[]
}
