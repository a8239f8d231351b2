/** What became of the machine of the page under test in its second version. */
import { defineMachine } from 'unanimous'
import type { Ledger } from './ledger.ts'
import { ledger } from './ledger.ts'

/** With a title, as in the page of another day. */
export const titledLedger = defineMachine({
  ...ledger,
  version: 2,
  initial: (): Ledger => ({ ...ledger.initial(), title: 'a new one' }),
  commands: {
    ...ledger.commands,
    entitle: (state: Ledger, title: string) => ({ ...state, title }),
  },
  previous: [ledger],
  migrate: (old: Ledger): Ledger => ({ ...old, title: 'an old one' }),
})
