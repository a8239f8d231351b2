/**
 * A shared text whose paragraphs are locked: who may write is decided, and a write with an old lock is refused. The text
 * itself is Yjs's; here its updates are opaque. Pure; runs alike in every tab.
 */
import type { CommandContext, MemberId } from 'unanimous'

export interface Lock {
  readonly holder: MemberId
  /** Grows with every lock: the fencing token. */
  readonly token: number
  /** When it was taken or last used, by the leader's clock. */
  readonly usedAt: number
}

export interface SharedText {
  /** By paragraph. */
  readonly locks: Readonly<Record<string, Lock>>
  /** Updates of the document in base64, in the order in which they were decided. */
  readonly updates: readonly string[]
  /** How many were dropped since a later one holds them. */
  readonly folded: number
}

export const paragraphs = ['1', '2', '3'] as const

/** Whoever does not write for so long may lose the paragraph to somebody else. */
export const leaseMs = 20_000
const updateCharsMax = 24_000
const updatesMax = 400

export const emptyText: SharedText = { locks: {}, updates: [], folded: 0 }

export interface Write {
  readonly paragraph: string
  readonly token: number
  readonly update: string
  /** The update holds the first so many decided ones, counted from the first ever. */
  readonly folds: number
}

const isParagraph = (word: unknown): boolean => paragraphs.some((each) => each === word)

export function lock(text: SharedText, paragraph: string, context: CommandContext): SharedText {
  if (!isParagraph(paragraph)) return context.refuse('NO-SUCH-PARAGRAPH')
  const { author, now, index } = context
  const held = text.locks[paragraph]
  const isFree = held === undefined || held.holder === author || now - held.usedAt > leaseMs
  if (!isFree) return context.refuse('LOCKED', { by: held.holder })
  const taken: Lock = { holder: author, token: index, usedAt: now }
  return { ...text, locks: { ...text.locks, [paragraph]: taken } }
}

export function unlock(text: SharedText, paragraph: string, context: CommandContext): SharedText {
  if (text.locks[paragraph]?.holder !== context.author) return context.refuse('NOT-YOURS')
  const rest = Object.entries(text.locks).filter(([each]) => each !== paragraph)
  return { ...text, locks: Object.fromEntries(rest) }
}

export function write(text: SharedText, wanted: Write, context: CommandContext): SharedText {
  const { paragraph, token, update, folds } = wanted
  if (!isParagraph(paragraph) || typeof update !== 'string')
    return context.refuse('NO-SUCH-PARAGRAPH')
  const held = text.locks[paragraph]
  if (held?.token !== token) return context.refuse('STALE-LOCK')
  const drop = Math.min(text.updates.length, Math.max(0, folds - text.folded))
  const kept = text.updates.slice(drop)
  if (update.length > updateCharsMax || kept.length >= updatesMax) return context.refuse('FULL')
  return {
    locks: { ...text.locks, [paragraph]: { ...held, usedAt: context.now } },
    updates: [...kept, update],
    folded: text.folded + drop,
  }
}
