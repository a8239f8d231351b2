/** Who this end is and which group it belongs to, as every link of it needs to know. Types only. */
import type { Keys, ReplicaId } from '@unanimous/core'

export interface LinkIdentity {
  readonly keys: Keys
  /** 32 bytes that all members share; see group-key.ts. */
  readonly groupKey: Uint8Array
  /** Whose key that is. */
  readonly idOf: (publicKey: Uint8Array) => ReplicaId
}
