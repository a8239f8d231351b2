/** What each vote was cast for so far, all of them together under one number. Knows no store. */
import type { VoteId } from '@unanimous/core/internal'
import type { Answer, Claimed } from '../claims.ts'
import { claimed } from '../claims.ts'
import { Catalog } from './catalog.ts'

export interface Cast {
  readonly name: string
  readonly message: Answer
}

type Book = ReadonlyMap<VoteId, Claimed>

export class ClaimBooks {
  readonly #books = new Catalog<Book>()
  readonly empty: number = this.#number(new Map())

  /** The book once all of these are cast, too. Throws a Violation of J2. */
  cast(book: number, casts: readonly Cast[]): number {
    const votes = casts.some(({ message }) => message.votes.length > 0)
    if (!votes) return book
    const known = new Map(this.#books.at(book))
    for (const cast of casts) {
      for (const vote of cast.message.votes) known.set(vote, claimed(known.get(vote), vote, cast))
    }
    return this.#number(known)
  }

  #number(book: Book): number {
    const sorted = [...book].sort(([a], [b]) => (a < b ? -1 : 1))
    return this.#books.idOf(JSON.stringify(sorted), () => book)
  }
}
