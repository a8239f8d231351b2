/** Type tests: a combined machine keeps the types of its parts, and handles take only groups that have their block. */
import { expectTypeOf, test } from 'vitest'
import { blocks, combine, counter, lock } from '../blocks.ts'
import type { Held } from '../blocks.ts'
import type { Group } from '../group.ts'
import { defineMachine } from '../machine.ts'

const seats = defineMachine({
  name: 'seats',
  version: 2,
  initial: (): { taken: Record<string, string> } => ({ taken: {} }),
  commands: {
    book: (state, seat: string, context) => ({ taken: { ...state.taken, [seat]: context.author } }),
    count: (state) => ({ state, result: Object.keys(state.taken).length }),
  },
})

const everything = combine({ seats, ...blocks })
const few = combine({ seats, counter: blocks.counter })

type Everything = Group<ReturnType<typeof everything.initial>, typeof everything.commands>
type Few = Group<ReturnType<typeof few.initial>, typeof few.commands>

test('[BK1] the types of a combined machine are those of its parts', () => {
  expectTypeOf(few.initial()).toEqualTypeOf<Few['state']>()
  expectTypeOf(everything.initial().seats.taken).toEqualTypeOf<Record<string, string>>()
  expectTypeOf<Parameters<Everything['do']['seats.book']>[0]>().toEqualTypeOf<string>()
  expectTypeOf<Awaited<ReturnType<Everything['do']['seats.count']>>>().toEqualTypeOf<number>()
  expectTypeOf<Awaited<ReturnType<Everything['do']['counter.next']>>>().toEqualTypeOf<number>()
  expectTypeOf<Awaited<ReturnType<Everything['do']['seats.book']>>>().toEqualTypeOf<undefined>()
})

test('[BK1] a handle takes a group that has its block, and no other', () => {
  const use = (all: Everything, some: Few): void => {
    expectTypeOf(lock(all, 'x').acquire()).toEqualTypeOf<Promise<Held | undefined>>()
    expectTypeOf(counter(some, 'x').next()).toEqualTypeOf<Promise<number>>()
    // @ts-expect-error: this group has no locks
    lock(some, 'x')
    // @ts-expect-error: there is no such command
    expectTypeOf(all.do['seats.sell'])
  }
  expectTypeOf(use).toBeFunction()
})
