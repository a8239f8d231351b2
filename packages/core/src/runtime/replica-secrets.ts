/** The secrets of a replica's group, joined to what the replica is made of. Knows no loop. */
import type { Contents } from '../codec/journal.ts'
import { GroupSecrets } from './group-secrets.ts'
import type { RuntimeEvent } from './news.ts'
import type { Observers } from './observers.ts'
import type { ReplicaParts } from './replica-parts.ts'
import type { Writer } from './writer.ts'

/** Another secret goes to the disk, and is told, at once: whoever lost it again is told by others, or finds it in the log. */
export function secretsOf<Outcome>(
  { state, seals, keys, secrets, groupSecret, random }: ReplicaParts<Outcome>,
  observers: Observers<RuntimeEvent>,
  writer: () => Writer,
): GroupSecrets {
  return new GroupSecrets({
    ...{ keys, random, stored: secrets, told: groupSecret, protocol: state.protocol },
    group: () => state.group?.id,
    agreedWith: (store) => seals.agreedWith(store),
    keep: (all) => {
      writer().note({ type: 'secrets', secrets: all })
      observers.publish({ type: 'rotated' })
    },
  })
}

/** What a record says of the store that takes the place of all others. */
export function ownerOf<Outcome>(
  { state, secret }: ReplicaParts<Outcome>,
  { known }: GroupSecrets,
): Pick<Contents, 'secret' | 'secrets' | 'group' | 'incarnation'> {
  const { current, old } = known
  const secrets = current.number === 0 ? [] : [...old, current]
  return { secret, secrets, group: state.group, incarnation: state.options.incarnation }
}
