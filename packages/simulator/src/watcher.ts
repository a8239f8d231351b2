/** What a checker may see of a world: every step, every frame, every write, every answer to a caller. */
import type { Decided, Effects, Input, Message, ReplicaId } from '@unanimous/core/internal'
import type { Command } from '@unanimous/core/internal'
import type { Tab } from './tab.ts'

/** All optional: a checker watches what it needs. One that sees something wrong throws a Violation. */
export interface Watcher {
  /** Before anything happens: where to read the time, in milliseconds. */
  created?(clock: { readonly now: number }): void
  /** Somebody or something struck. */
  struck?(what: string): void
  /** A start read its disk; nothing was sent yet. */
  started?(tab: Tab, effects: Effects): void
  stepped?(tab: Tab, input: Input, effects: Effects): void
  /** Leaves the tab now, so all that it reveals must be on the disk. */
  sent?(tab: Tab, to: ReplicaId, message: Message): void
  /** Handed to the application: decided and durable here. */
  applied?(tab: Tab, decided: Decided): void
  proposed?(tab: Tab, seq: number, command: Command): void
}
