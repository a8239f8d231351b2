/** The secrets of a replica's group, joined to what the replica is made of. Knows no loop. */
import type { StoredSecret } from '../codec/journal.ts'
import { GroupSecrets } from './group-secrets.ts'
import type { ReplicaParts } from './replica-parts.ts'

/** `keep`: called with all that is to be on the disk from here on. */
export function secretsOf<Outcome>(
  { state, seals, keys, secrets, groupSecret, random }: ReplicaParts<Outcome>,
  keep: (secrets: readonly StoredSecret[]) => void,
): GroupSecrets {
  return new GroupSecrets({
    ...{ keys, random, keep, stored: secrets, told: groupSecret, protocol: state.protocol },
    group: () => state.group?.id,
    agreedWith: (store) => seals.agreedWith(store),
  })
}
