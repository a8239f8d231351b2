/** What can go wrong for a caller, as classes: a literal code for programs, a sentence for people. */
import type { NotReadable } from '@unanimous/core'
import { UnanimousError } from '@unanimous/core'
import type { Json } from './json.ts'
import type { MemberId } from './machine.ts'
import type { NotSentReason } from './proposal.ts'

/** The machine refused the command: it was decided, and changed nothing. */
export class Refused extends UnanimousError {
  override readonly name = 'Refused'
  /** The machine's own code: the first argument of `context.refuse`. */
  readonly code: string
  readonly detail: Json | undefined
  readonly index: number

  constructor(refusal: {
    readonly code: string
    readonly detail: Json | undefined
    readonly index: number
  }) {
    super(`The group refused this command: ${refusal.code}.`)
    this.code = refusal.code
    this.detail = refusal.detail
    this.index = refusal.index
  }
}

/** The command's handler threw: it was decided, and changed nothing. Mend the machine. */
export class MachineError extends UnanimousError {
  override readonly name = 'MachineError'
  readonly code = 'machine-threw'
}

const notSentSentences: Readonly<Record<NotSentReason, string>> = {
  invalid: 'The machine does not take these arguments. Correct them.',
  'no-quorum':
    'No leader can be reached now; status.why says what is missing. Try again when status.phase is "ready".',
  'too-large':
    'The command is larger than 64 KiB. Keep large data elsewhere and decide on its hash.',
  overloaded: 'Too many commands are waiting already. Wait for some of them before sending more.',
  closed: 'The group is closed in this tab.',
  halted: 'This tab has stopped taking part; status.why says why. Reload it.',
  timeout: 'No leader could be reached in time. The command was not sent; try again later.',
  aborted: 'The caller gave up before a leader was reached. The command was not sent.',
  version:
    'The group works with another version of its machine than this takes; status.why says what to do.',
}

/** The command certainly did not run and will not run. */
export class NotSent extends UnanimousError {
  override readonly name = 'NotSent'
  readonly code = 'not-sent'
  readonly why: NotSentReason

  constructor(why: NotSentReason, detail?: string) {
    super(notSentSentences[why] + (detail === undefined ? '' : ` (${detail})`))
    this.why = why
  }
}

/**
 * A handler gave two results for one command: it looks at a clock, at chance, or at something outside of its arguments, or it
 * changed the state that it was given. Found in development (`dev: true`); the tab halts, for it would go another way than the
 * others. Use `context.now` and `context.random()`, and return new objects.
 */
export class MachineNotDeterministic extends UnanimousError {
  override readonly name = 'MachineNotDeterministic'
  readonly code = 'machine-not-deterministic'
}

/**
 * A machine's state is not JSON: it cannot be stored for tabs that come later, nor be given to them. Keep records, lists, texts,
 * finite numbers, truths and null in it: instead of a Map a record, instead of a Date its milliseconds, nothing undefined.
 * Thrown by `createGroup` for the first state, and in development (`dev: true`) after the command that made it so; else the
 * page is told once, and the whole log is kept.
 */
export class StateNotSerializable extends UnanimousError {
  override readonly name = 'StateNotSerializable'
  readonly code = 'state-not-serializable'

  constructor(machine: string, why: string) {
    super(
      `The state of machine ${machine} cannot be stored: ${why}. Keep only JSON in it: records, lists, texts, finite numbers, true, false and null.`,
    )
  }
}

/**
 * The `migrate` of a machine threw, or did not give JSON: the tab halts where the group went over to that version, and so do all others
 * with this page. Mend it and load the page again; nothing is lost.
 */
export class MigrationFailed extends UnanimousError {
  override readonly name = 'MigrationFailed'
  readonly code = 'migration-failed'

  constructor(
    machine: string,
    step: { readonly from: number; readonly to: number; readonly why: string },
  ) {
    super(
      `The state of machine ${machine} cannot go over from version ${step.from} to ${step.to}: ${step.why}. Mend migrate and load the page again; nothing is lost.`,
    )
  }
}

/** What a tab shows of itself is larger than 4 KiB of JSON. Show less, or put it into the state. */
export class PresenceTooLarge extends UnanimousError {
  override readonly name = 'PresenceTooLarge'
  readonly code = 'presence-too-large'

  constructor(bytes: number) {
    super(`Presence takes ${bytes} bytes as JSON, and 4096 are the most. Show less.`)
  }
}

/** The command was handed to a leader and nothing was heard of it in time. Do not repeat it as a new one: `retry` of its outcome asks for the same. */
export class Unknown extends UnanimousError {
  override readonly name = 'Unknown'
  readonly code = 'unknown'

  constructor() {
    super(
      'It is not known whether the command was decided. Do not repeat it as a new one: retry() of its outcome asks for the same.',
    )
  }
}

const notReadSentences: Readonly<Record<NotReadable, string>> = {
  timeout:
    'No majority could be asked in time whether this state is the newest. Try again later, or read with consistency: "local".',
  aborted: 'The caller gave up.',
  overloaded: 'Too many reads are waiting already. Wait for some of them before beginning more.',
  closed:
    'The group is closed in this tab. What it held last can be read with consistency: "local".',
  version:
    'The group works with a version of its machine that this page does not carry; status.why says what to do. What it held last can be read with consistency: "local".',
  halted:
    'This tab has stopped taking part; status.why says why. What it held last can be read with consistency: "local".',
}

/** The state here may be older than the read allows; nothing was read. */
export class NotRead extends UnanimousError {
  override readonly name = 'NotRead'
  readonly code = 'not-read'
  readonly why: NotReadable

  constructor(why: NotReadable) {
    super(notReadSentences[why])
    this.why = why
  }
}

/** A sentence, and whom it is about. */
const named = (sentence: string, member: MemberId | undefined): string =>
  member === undefined ? sentence : `${sentence} (${member.slice(0, 4)})`

/** Why a group was not begun anew. */
export type NotRecoveredReason = 'majority' | 'better-copy' | 'no-group' | 'closed' | 'store'

const notRecoveredSentences: Readonly<Record<NotRecoveredReason, string>> = {
  majority: 'A majority of the voters can be reached: the group decides without being begun anew.',
  'better-copy': 'Another tab in touch holds more of the group. Begin anew from that one.',
  'no-group': 'This tab holds no group yet that could be begun anew.',
  closed: 'The group is closed or halted in this tab.',
  store: 'The store of this tab failed; status.why says how.',
}

/** The group goes on as it was. */
export class NotRecovered extends UnanimousError {
  override readonly name = 'NotRecovered'
  readonly code = 'not-recovered'
  readonly why: NotRecoveredReason
  /** Who holds more, with `better-copy`. */
  readonly member: MemberId | undefined

  constructor(why: NotRecoveredReason, member?: MemberId) {
    super(named(notRecoveredSentences[why], member))
    this.why = why
    this.member = member
  }
}

/** Why the group did not do what a person asked of it. */
export type NotGrantedReason =
  | 'unknown-member'
  | 'not-a-voter'
  | 'not-ready'
  | 'removed'
  | 'out-of-reach'
  | 'hidden'
  | 'nobody'
  | 'last-voter'
  | 'too-few'
  | 'stands-by'
  | 'no-answer'
  | 'no-group'
  | 'closed'

const notGrantedSentences: Readonly<Record<NotGrantedReason, string>> = {
  'unknown-member': 'Nobody in the group knows that tab. Take an id from status.members.',
  'not-a-voter': 'That tab has no vote. Promote it first.',
  'not-ready':
    'That tab does not hold the log, or its disk is slow. Wait until its rung is "standby".',
  removed: 'That tab was removed from the group. Let it in again first: admin.readmit.',
  'out-of-reach':
    'That tab cannot be reached now, or too few others: the group could not decide afterwards. Try again when it is there.',
  hidden: 'The page of that tab is hidden: it would hand over at once. Show it first.',
  nobody: 'No other voter can be reached that could lead. Open another tab.',
  'last-voter':
    'Nobody else could vote: the group would never decide again. Open another tab first.',
  'too-few': 'Fewer voters would be left than the group’s policy allows. Open another tab first.',
  'stands-by': 'That member asked for no vote: it has to be opened again with the role "member".',
  'no-answer':
    'No leader answered in time. It may still come true: look at status before you ask again.',
  'no-group': 'This tab is in no group yet. Wait for status.phase "ready".',
  closed: 'The group is closed or halted in this tab.',
}

/** The group is as it was, except with `no-answer`: then nobody knows yet. */
export class NotGranted extends UnanimousError {
  override readonly name = 'NotGranted'
  readonly code = 'not-granted'
  readonly why: NotGrantedReason
  /** Whom it was about. */
  readonly member: MemberId | undefined

  constructor(why: NotGrantedReason, member?: MemberId) {
    super(named(notGrantedSentences[why], member))
    this.why = why
    this.member = member
  }
}

/** Why a state was not stored. */
export type NotStoredReason = 'closed' | 'no-group' | 'state'

const notStoredSentences: Readonly<Record<NotStoredReason, string>> = {
  closed: 'The group is closed or halted in this tab.',
  'no-group': 'This tab holds nothing of a group yet. Wait for status.phase "ready".',
  state:
    'The state cannot be stored: it is no JSON or larger than 16 MiB, or the disk did not answer in time.',
}

/** Nothing was stored, and nothing is lost. */
export class NotStored extends UnanimousError {
  override readonly name = 'NotStored'
  readonly code = 'not-stored'
  readonly why: NotStoredReason

  constructor(why: NotStoredReason) {
    super(notStoredSentences[why])
    this.why = why
  }
}

/** What is wrong with a file. */
export type BadArchiveReason =
  'not-an-archive' | 'damaged' | 'too-large' | 'other-format' | 'other-machine' | 'other-version'

const badArchiveSentences: Readonly<Record<BadArchiveReason, string>> = {
  'not-an-archive': 'This file was not made by admin.exportArchive. Choose another one.',
  damaged: 'This file was changed or cut off since it was made. Take another copy of it.',
  'too-large': 'This file is larger than any archive can be (16 MiB). Choose another one.',
  'other-format':
    'This file was made by another version of Unanimous. Use that one, or a later one.',
  'other-machine': 'This file is of another application. Open it there.',
  'other-version':
    'This file is of a version of this application that the page does not carry. Open it with a later page.',
}

/** Nothing was begun from this file. */
export class BadArchive extends UnanimousError {
  override readonly name = 'BadArchive'
  readonly code = 'bad-archive'
  readonly why: BadArchiveReason

  constructor(why: BadArchiveReason, detail?: string) {
    super(badArchiveSentences[why] + (detail === undefined ? '' : ` (${detail})`))
    this.why = why
  }
}

/** This page cannot keep an identity: it is not served from https or localhost. */
export class InsecureOrigin extends UnanimousError {
  override readonly name = 'InsecureOrigin'
  readonly code = 'insecure-origin'

  constructor() {
    super(
      'This page has no Web Locks, since it comes neither from https nor from localhost: two tabs could use one identity. ' +
        'Serve it by https, or pass storage: memoryStorage() for a group that does not last.',
    )
  }
}

/** All identities of this browser for this room are in use by other tabs. */
export class TooManyTabs extends UnanimousError {
  override readonly name = 'TooManyTabs'
  readonly code = 'too-many-tabs'

  constructor(slots: number) {
    super(`${slots} tabs of this browser are in this room already. Close one of them.`)
  }
}

/** The invite cannot be used; ask its sender for a whole one. */
export class BadInvite extends UnanimousError {
  override readonly name = 'BadInvite'
  readonly code = 'bad-invite'

  constructor(why: string, cause?: unknown) {
    super(`This invite cannot be used: ${why}. Ask for the whole link.`, { cause })
  }
}

/** This browser belongs to another group of the room than the one that was asked for. */
export class OtherGroup extends UnanimousError {
  override readonly name = 'OtherGroup'
  readonly code = 'other-group'

  constructor() {
    super(
      'This browser already belongs to another group in this room. Use another room, or delete this site’s data to leave that group for good.',
    )
  }
}

/** What was passed to `createGroup` cannot work. */
export class BadOption extends UnanimousError {
  override readonly name = 'BadOption'
  readonly code = 'bad-option'
}
