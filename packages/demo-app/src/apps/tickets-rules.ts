/** Numbers without gaps and without twins: each ticket is the next one. Pure; runs alike in every tab. */
import type { CommandContext, MemberId } from 'unanimous'

export interface Tickets {
  /** The last number that was given out. */
  readonly last: number
  /** The newest ones, oldest first. */
  readonly newest: readonly { readonly number: number; readonly by: MemberId }[]
}

const newestMax = 12

export const noTickets: Tickets = { last: 0, newest: [] }

export function draw(
  { last, newest }: Tickets,
  { author }: CommandContext,
): { readonly state: Tickets; readonly result: number } {
  const number = last + 1
  const kept = [...newest, { number, by: author }].slice(-newestMax)
  return { state: { last: number, newest: kept }, result: number }
}
