/** A Yjs document that follows decided updates, and what was typed here since. Knows Yjs; knows no group and no page. */
import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector, mergeUpdates } from 'yjs'
import type { SharedText } from './text-rules.ts'

/** So many decided updates are folded into the next one. */
const foldFrom = 60

export interface Update {
  readonly update: string
  readonly folds: number
}

export interface YText {
  /** Takes in what was decided since. */
  follow(text: SharedText): void
  read(paragraph: string): string
  /** Changes the paragraph here, as few characters as it takes. */
  write(paragraph: string, wanted: string): void
  /** What was typed here since the last call; undefined for nothing. */
  takeUpdate(text: SharedText): Update | undefined
  /** Back to what is decided and nothing else. */
  forget(text: SharedText): void
}

export function createYText(): YText {
  let doc = new Doc()
  let taken = 0
  let typed: Uint8Array[] = []
  const listen = (): void => {
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === 'typed') typed.push(update)
    })
  }
  const follow = ({ updates, folded }: SharedText): void => {
    for (let at = Math.max(0, taken - folded); at < updates.length; at += 1) {
      take(doc, updates[at] ?? '')
    }
    taken = folded + updates.length
  }
  listen()
  return {
    follow,
    read: (paragraph) => doc.getText(paragraph).toJSON(),
    write(paragraph, wanted) {
      const text = doc.getText(paragraph)
      const now = text.toJSON()
      const { start, nowEnd, wantedEnd } = difference(now, wanted)
      doc.transact(() => {
        if (nowEnd > start) text.delete(start, nowEnd - start)
        if (wantedEnd > start) text.insert(start, wanted.slice(start, wantedEnd))
      }, 'typed')
    },
    takeUpdate(text) {
      if (typed.length === 0) return undefined
      follow(text)
      const isLong = text.updates.length >= foldFrom
      const update = isLong ? encodeStateAsUpdate(doc) : mergeUpdates(typed)
      typed = []
      return { update: toBase64(update), folds: isLong ? taken : 0 }
    },
    forget(text) {
      const fresh = new Doc()
      for (const update of text.updates) take(fresh, update)
      const isSame =
        toBase64(encodeStateVector(fresh)) === toBase64(encodeStateVector(doc)) &&
        typed.length === 0
      if (isSame) return
      doc = fresh
      typed = []
      taken = text.folded + text.updates.length
      listen()
    },
  }
}

/** An update of a peer may be anything. One that is no update changes nothing here, nor in any other tab. */
function take(doc: Doc, update: string): void {
  try {
    applyUpdate(doc, fromBase64(update), 'decided')
  } catch {
    /* As above: skipped alike by all. */
  }
}

/** The part that differs: the same beginning and the same end stay. */
export function difference(
  now: string,
  wanted: string,
): { readonly start: number; readonly nowEnd: number; readonly wantedEnd: number } {
  let start = 0
  while (start < now.length && now[start] === wanted[start]) start += 1
  let [nowEnd, wantedEnd] = [now.length, wanted.length]
  while (nowEnd > start && wantedEnd > start && now[nowEnd - 1] === wanted[wantedEnd - 1]) {
    nowEnd -= 1
    wantedEnd -= 1
  }
  return { start, nowEnd, wantedEnd }
}

const toBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))

const fromBase64 = (text: string): Uint8Array =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
