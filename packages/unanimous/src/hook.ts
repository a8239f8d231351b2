/**
 * The hook of test drivers and inspectors: an object that they put into a page before its scripts. Every group that is opened
 * there announces itself to it, in development mode. A page without one pays nothing and shows nothing. Knows groups
 * by what it shows of them.
 */
import type { Part } from '@unanimous/core'
import type { Inspect } from './inspect.ts'
import type { Json } from './json.ts'
import type { MemberId } from './machine.ts'
import type { Proposal } from './proposal.ts'
import type { GroupStatus } from './status.ts'

/** Where the hook is looked for: `globalThis[Symbol.for(hookName)]`. */
export const hookName = 'unanimous.hook'

/** A group as a hook sees it, whatever its machine. */
export interface HookedGroup {
  readonly me: MemberId
  readonly inspect: Inspect
  /** The name of the database in which this tab keeps the group. */
  readonly store: string
  state(): unknown
  /** All of the state, once it holds what anybody in the group was told of before. */
  read(): Promise<unknown>
  status(): GroupStatus
  propose(command: string, args?: Json): Proposal<unknown>
  subscribe(listener: () => void): () => void
}

/** A command that the application, or the hook itself, proposes through the group. */
export interface HookedOperation {
  readonly command: string
  readonly args: Json | undefined
  readonly proposal: Proposal<unknown>
}

/** What the page must find under `hookName`. Neither method may throw. */
export interface Hook {
  /** As what groups are opened here, whatever their application says. */
  readonly role?: Part | undefined
  opened(group: HookedGroup): void
  proposed(group: HookedGroup, operation: HookedOperation): void
}

/** The page's hook, if somebody put one there. */
export function findHook(): Hook | undefined {
  const page = globalThis as { readonly [key: symbol]: Hook | undefined }
  return page[Symbol.for(hookName)]
}

/** What a hook sees of a group: whatever its commands are, by name. */
interface Showable extends Pick<HookedGroup, 'me' | 'store' | 'inspect' | 'propose' | 'subscribe'> {
  readonly state: unknown
  read(select: (state: unknown) => unknown): Promise<unknown>
  readonly status: GroupStatus
}

export function hookedGroup(group: Showable): HookedGroup {
  return {
    // A page that was put away may come back under another identity.
    get me() {
      return group.me
    },
    get store() {
      return group.store
    },
    inspect: group.inspect,
    state: () => group.state,
    read: () => group.read((state) => state),
    status: () => group.status,
    propose: (command, args) => group.propose(command, args),
    subscribe: (listener) => group.subscribe(listener),
  }
}
