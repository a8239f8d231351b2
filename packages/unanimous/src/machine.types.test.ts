/** Type tests: what a caller may pass to a command and gets from it follows from the machine alone. */
import { expectTypeOf, test } from 'vitest'
import type { Group } from './group.ts'
import { defineMachine } from './machine.ts'

const machine = defineMachine({
  name: 'types',
  version: 1,
  initial: (): { taken: Record<string, string> } => ({ taken: {} }),
  commands: {
    book: (state, seat: string, context) =>
      state.taken[seat] === undefined
        ? { taken: { ...state.taken, [seat]: context.author } }
        : context.refuse('TAKEN', { by: state.taken[seat] }),
    count: (state) => ({ state, result: Object.keys(state.taken).length }),
  },
})

type Opened = Group<ReturnType<typeof machine.initial>, typeof machine.commands>

test('[MA6] a machine is what was defined', () => {
  expectTypeOf(machine.initial()).toEqualTypeOf<{ taken: Record<string, string> }>()
})

test('[MA6] the types of a command’s arguments and result are inferred', () => {
  expectTypeOf<Opened['state']>().toEqualTypeOf<{ taken: Record<string, string> }>()
  expectTypeOf<Parameters<Opened['do']['book']>[0]>().toEqualTypeOf<string>()
  expectTypeOf<Awaited<ReturnType<Opened['do']['book']>>>().toEqualTypeOf<undefined>()
  expectTypeOf<Parameters<Opened['do']['count']>[0]>().toEqualTypeOf<undefined>()
  expectTypeOf<Awaited<ReturnType<Opened['do']['count']>>>().toEqualTypeOf<number>()
})

test('[MA6] a wrong argument does not compile', () => {
  const wrong = (group: Opened): void => {
    // @ts-expect-error: a seat is a string
    void group.do.book(7)
    // @ts-expect-error: there is no such command
    expectTypeOf(group.do.sell)
  }
  expectTypeOf(wrong).toBeFunction()
})
