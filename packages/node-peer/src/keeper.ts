/**
 * A member that has no machine: it stores and votes like any other and never learns what the commands mean. It cannot make
 * snapshots, so it is given those of others, unread.
 */
import type { Ending, Runner } from 'unanimous/hosting'
import type { Machine } from 'unanimous'

/** The commands of a member that has no machine. */
export type NoCommands = Readonly<Record<string, never>>

/** Gives a group its name, and nothing to do. */
export const namelyMachine = (name: string): Machine<undefined, NoCommands> => ({
  name,
  version: 1,
  initial: () => undefined,
  commands: {},
})

const kept: Ending = { kind: 'done', result: undefined }

export const keeper = (): Runner<undefined, NoCommands> => ({
  state: undefined,
  subscribe: () => () => undefined,
  whyNot: ({ name }) => ({
    why: 'invalid',
    detail: `This peer has no machine, so it cannot ask for ${name}.`,
  }),
  apply: () => kept,
  snapshot: () => undefined,
  save: () => undefined,
  restore: () => undefined,
})
