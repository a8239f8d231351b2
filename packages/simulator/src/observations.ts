/** What a tab and its world let others see: every step, every frame, every write, every answer. Knows no tab's form. */
import type { Command, Decided, Effects, Input, Message, ReplicaId } from '@unanimous/core/internal'

/** All optional: a checker watches what it needs. One that sees something wrong throws a Violation. */
export interface Observations<Subject> {
  /** Before anything happens: where to read the time, in milliseconds. */
  created?(clock: { readonly now: number }): void
  /** Somebody or something struck. */
  struck?(what: string): void
  /** A start read its disk; nothing was sent yet. */
  started?(tab: Subject, effects: Effects): void
  stepped?(tab: Subject, input: Input, effects: Effects): void
  /** Leaves the tab now, so all that it reveals must be on the disk. */
  sent?(tab: Subject, to: ReplicaId, message: Message): void
  /** Handed to the application: decided and durable here. */
  applied?(tab: Subject, decided: Decided): void
  proposed?(tab: Subject, seq: number, command: Command): void
  readBegan?(tab: Subject, id: number, command: Command): void
  /** Answered from what is applied: all below `appliedEnd`. */
  readDone?(tab: Subject, id: number, appliedEnd: number): void
}
