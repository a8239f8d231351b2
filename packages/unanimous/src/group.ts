/** The door: what an application holds of a group. Types only; `create-group.ts` opens it. */
import type { MachineVersionMissing, Rung } from '@unanimous/core'
import type { Admin } from './admin.ts'
import type { Inspect } from './inspect.ts'
import type { Json } from './json.ts'
import type { ArgsOf, Commands, MemberId, ResultOf } from './machine.ts'
import type { Presence } from './presence.ts'
import type { Proposal, ProposeOptions, Resumed } from './proposal.ts'
import type { ReadOptions } from './read.ts'
import type { GroupStatus, RoomConflict } from './status.ts'

/** What `group.on` tells, by name, with its detail. */
export interface GroupEvents {
  /** Another group was met in this room. */
  readonly 'room-conflict': RoomConflict
  /** This tab fell silent: its disk failed, or one of its own rules was broken. Reload it. */
  readonly halted: Error
  /** The group goes over to another version of its machine; `state` shows it. `before`: undefined at the group's beginning, and at the start of this tab. */
  readonly machine: { readonly version: number; readonly before: number | undefined }
  /** The group works with a version that this page does not carry: `state` stays as it is, and the tab votes on. Reload the page. */
  readonly 'version-missing': MachineVersionMissing
  /** A command was decided and applied here, or refused. Told after `state` shows it, in order, each once. */
  readonly committed: Committed
  /** What a handler emitted with `context.emit`, after its command was applied here. */
  readonly emitted: Emitted
  /** Another leader is followed, or none. */
  readonly leader: { readonly leader: MemberId | undefined; readonly before: MemberId | undefined }
  /** This tab takes another part in the group. */
  readonly rung: { readonly rung: Rung; readonly before: Rung }
  /** The group goes by another secret (`admin.rotate`): links of before let nobody in. Show this one, and put it into the page's address. */
  readonly invite: { readonly invite: URL }
  /** Something that `status` shows has changed. */
  readonly status: GroupStatus
}

/** One command that was decided. */
export interface Committed {
  readonly index: number
  readonly author: MemberId
  /** Undefined: the bytes were no command. */
  readonly command: string | undefined
  /** Only `done` changed the state. */
  readonly ending: 'done' | 'refused' | 'threw'
}

/** Something that a handler emitted. */
export interface Emitted {
  /** Of the command, and who proposed it. */
  readonly index: number
  readonly author: MemberId
  readonly event: Json
}

type Do<C> = {
  readonly [K in keyof C]: undefined extends ArgsOf<C[K]>
    ? (args?: ArgsOf<C[K]>, options?: ProposeOptions) => Proposal<ResultOf<C[K]>>
    : (args: ArgsOf<C[K]>, options?: ProposeOptions) => Proposal<ResultOf<C[K]>>
}

/** A group as one tab holds it. */
export interface Group<S, C extends Commands<S>> extends AsyncDisposable {
  readonly me: MemberId
  /** Decided and applied here; a new object whenever it changes. Do not change it. */
  readonly state: S
  /** The same object until something changes. */
  readonly status: GroupStatus
  /** Asks the group to decide: resolves once a majority has the command on disk and it is applied here. */
  readonly do: Do<C>
  /**
   * What `select` finds in a state that is fresh enough: by default one that holds all that anybody in the group was told of
   * before. `group.state` and `local` are what is applied here, which may lag.
   *
   * Rejects with `NotRead`, with the reason of `abort`, or with what `select` throws.
   *
   * @example
   * const by = await group.read((state) => state.taken['A1'])
   * const near = await group.read((state) => state.taken['A1'], { consistency: { maxAgeMs: 2000 } })
   */
  read<T>(select: (state: S) => T, options?: ReadOptions): Promise<T>
  /** Called after `state` or `status` changed, at most once a frame's worth of changes. Returns how to stop. */
  subscribe(listener: () => void): () => void
  /** Called whenever what `select` gives is another value (`Object.is`), with the value before. Returns how to stop. */
  watch<T>(select: (state: S) => T, on: (now: T, before: T) => void): () => void
  on<E extends keyof GroupEvents>(event: E, listener: (detail: GroupEvents[E]) => void): () => void
  /**
   * What this tab had asked for before it was reloaded or crashed, and had not heard of. It is asked for again by itself, and runs
   * once; here is what came of it. Nobody need look: what is committed is in `state`.
   */
  readonly resumed: readonly Resumed[]
  /**
   * A link for others: it names the room and the group and carries the secret; another one after `admin.rotate` (`on('invite')`). Throws
   * while `status.group` is undefined: there is none to name.
   */
  readonly invite: URL
  /** What tabs show of themselves to each other, past the log. */
  readonly presence: Presence
  readonly inspect: Inspect
  readonly admin: Admin
  /**
   * Hands over, takes this tab's vote out of the group and closes; may take seconds, or less: `abort` ends the wait and closes at
   * once. The store stays.
   */
  leave(options?: { readonly abort?: AbortSignal }): Promise<void>
  /**
   * Leaves, and deletes what this browser holds of the group for this tab. Whoever is alone in a group ends it with that. Rejects
   * for a group that is closed already.
   */
  forget(options?: { readonly abort?: AbortSignal }): Promise<void>
  /** Hands over and closes at once, as closing the tab does; the vote stays. */
  close(): void
}
