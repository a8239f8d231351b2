/**
 * Presence in this tab: tells the others what it shows when that changes, when somebody comes, and now and then again for whom
 * it did not reach; forgets who is gone. Knows nothing of what is shown.
 */
import type { Clock, Replica, RuntimeEvent } from '@unanimous/core'
import { createObservers, presenceBytesMax } from '@unanimous/core'
import { coalesce } from './coalesce.ts'
import { complain } from './complaint.ts'
import { PresenceTooLarge } from './errors.ts'
import type { Json } from './json.ts'
import type { Ending } from './machine-runner.ts'
import type { MemberId } from './machine.ts'
import type { Presence } from './presence.ts'

/** Twenty times a second is what an eye follows. */
const tellPauseMs = 50
const changePauseMs = 16
/** Nothing acknowledges presence: what was lost is said again this often. */
const repeatMs = 5000
/** Somebody of whom nothing is heard any more is kept for this long. */
const forgetMs = 5000
/** Who is far away is heard of only when it shows something: after so long without its repetition it is gone. */
const forgetFarMs: number = 2.5 * repeatMs
const lookMs = 1000

interface Other {
  readonly shown: Json
  /** When it was last among the members that are reached. */
  seenAt: number
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

export class TabPresence implements Presence {
  readonly #clock: Clock
  readonly #observers = createObservers<undefined>(complain)
  readonly #changes = coalesce(() => this.#observers.publish(undefined), changePauseMs)
  readonly #telling = coalesce(() => this.#tell(), tellPauseMs)
  readonly #others = new Map<MemberId, Other>()
  readonly #stops: (() => void)[] = []
  /** Of the present stay. */
  #replica: Replica<Ending> | undefined
  #mine: Json | undefined
  #shown: Uint8Array = new Uint8Array()
  #snapshot: ReadonlyMap<MemberId, Json> = new Map()
  #reached: ReadonlySet<MemberId> = new Set()
  #listed: ReadonlySet<MemberId> = new Set()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Returns how to end; what this tab shows is kept for the next time. */
  open(replica: Replica<Ending>): () => void {
    const clock = this.#clock
    this.#replica = replica
    this.#stops.push(
      replica.subscribe((event) => this.#onReplica(replica, event)),
      clock.every(lookMs, () => this.#look()),
      clock.every(repeatMs, () => this.#repeat()),
    )
    return () => this.#close()
  }

  #close(): void {
    for (const stop of this.#stops.splice(0)) stop()
    this.#replica = undefined
    this.#reached = new Set()
    this.#listed = new Set()
    this.#others.clear()
    this.#onChange()
  }

  get mine(): Json | undefined {
    return this.#mine
  }

  get others(): ReadonlyMap<MemberId, Json> {
    return this.#snapshot
  }

  set(shown: Json | undefined): void {
    const bytes = shown === undefined ? new Uint8Array() : encoder.encode(JSON.stringify(shown))
    if (bytes.length > presenceBytesMax) throw new PresenceTooLarge(bytes.length)
    this.#mine = shown
    this.#shown = bytes
    this.#telling.change()
    this.#changes.change()
  }

  subscribe(listener: () => void): () => void {
    return this.#observers.subscribe(listener)
  }

  #tell(): void {
    this.#replica?.show(this.#shown)
  }

  #repeat(): void {
    if (this.#shown.length > 0) this.#telling.change()
  }

  #onReplica(replica: Replica<Ending>, event: RuntimeEvent): void {
    if (event.type === 'shown') this.#onShown(event.member, event.shown)
    if (event.type === 'changed') this.#onMembers(replica)
  }

  #onShown(member: MemberId, bytes: Uint8Array): void {
    const shown = jsonOf(bytes)
    if (shown === undefined) this.#others.delete(member)
    else this.#others.set(member, { shown, seenAt: this.#clock.now() })
    this.#onChange()
  }

  /** Who comes has heard nothing of this tab yet; who has gone shows nothing any more. */
  #onMembers(replica: Replica<Ending>): void {
    const { peers } = replica.status()
    const before = this.#reached
    this.#reached = new Set(peers.filter(({ reached }) => reached).map(({ id }) => id))
    if ([...this.#reached].some((id) => !before.has(id))) this.#repeat()
    this.#listed = new Set(peers.map(({ id }) => id))
    const gone = [...before].filter((id) => !this.#listed.has(id) && this.#others.delete(id))
    if (gone.length > 0) this.#onChange()
  }

  #look(): void {
    const now = this.#clock.now()
    let changed = false
    for (const [id, other] of [...this.#others]) {
      if (this.#reached.has(id)) other.seenAt = now
      else if (now - other.seenAt > (this.#listed.has(id) ? forgetMs : forgetFarMs))
        changed = this.#others.delete(id) || changed
    }
    if (changed) this.#onChange()
  }

  #onChange(): void {
    this.#snapshot = new Map([...this.#others].map(([id, { shown }]) => [id, shown]))
    this.#changes.change()
  }
}

/** Undefined: nothing, or nothing that makes sense. */
function jsonOf(bytes: Uint8Array): Json | undefined {
  if (bytes.length === 0) return undefined
  try {
    return JSON.parse(decoder.decode(bytes)) as Json
  } catch {
    return undefined
  }
}
