/** A list that everybody adds to: what tests of groups decide about where it does not matter. */
import type { Group } from '../group.ts'
import type { Machine } from '../machine.ts'
import { defineMachine } from '../machine.ts'
import type { TestCluster } from './cluster.ts'

type State = readonly string[]

/** A type and not an interface: only then it is a record of handlers. */
export type NotesCommands = { readonly add: (state: State, note: string) => State }

export const notes: Machine<State, NotesCommands> = defineMachine({
  name: 'notes',
  version: 1,
  initial: (): State => [],
  commands: { add: (state: State, note: string) => [...state, note] },
})

export type NotesTab = Group<State, NotesCommands>
export type NotesCluster = TestCluster<State, NotesCommands>
