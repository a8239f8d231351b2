import type { CommandContext, Json, MemberId } from 'unanimous'
import { expect, test } from 'vitest'
import { houseMachine, isName } from './house-machine.ts'
import type { House } from './house-machine.ts'

const ada = 'a'.repeat(32) as MemberId
const bob = 'b'.repeat(32) as MemberId
const { commands, initial } = houseMachine

class Refusal extends Error {
  readonly detail: Json | undefined

  constructor(code: string, detail: Json | undefined) {
    super(code)
    this.detail = detail
  }
}

const by = (author: MemberId): CommandContext => ({
  index: 3,
  ballot: { num: 1, node: ada },
  author,
  now: 0,
  random: () => 0,
  refuse: (code, detail) => {
    throw new Refusal(code, detail)
  },
  emit: () => undefined,
})

const frozen = (house: Partial<House>): House =>
  Object.freeze({
    ...initial(),
    ...house,
    taken: Object.freeze({ ...house.taken }),
    names: Object.freeze({ ...house.names }),
  })

function refusal(run: () => unknown): Refusal | undefined {
  try {
    run()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  return undefined
}

test('the first who asks for a seat has it, the second is told by whom', () => {
  const house = commands.book(frozen({}), 'A1', by(ada))
  expect(house.taken).toEqual({ A1: ada })
  const refused = refusal(() => commands.book(frozen(house), 'A1', by(bob)))
  expect(refused?.message).toBe('TAKEN')
  expect(refused?.detail).toEqual({ by: ada })
})

test('a seat is given back by its holder only', () => {
  const house = frozen({ taken: { A1: ada, B2: bob } })
  expect(commands.release(house, 'A1', by(ada)).taken).toEqual({ B2: bob })
  const refused = refusal(() => commands.release(house, 'A1', by(bob)))
  expect([refused?.message, refused?.detail]).toEqual(['NOT-YOURS', { by: ada }])
  expect(refusal(() => commands.release(house, 'C3', by(ada)))?.message).toBe('FREE')
})

test('what is no seat is refused, whatever it is', () => {
  for (const odd of ['Z9', '__proto__', 'toString', 7, null, ['A1']] as unknown as string[]) {
    expect(refusal(() => commands.book(frozen({}), odd, by(ada)))?.message).toBe('NO-SUCH-SEAT')
    expect(refusal(() => commands.release(frozen({}), odd, by(ada)))?.message).toBe('NO-SUCH-SEAT')
  }
})

test('a tab names itself, renames itself and takes the name back', () => {
  const named = commands.rename(frozen({}), 'Ada', by(ada))
  expect(named.names).toEqual({ [ada]: 'Ada' })
  const both = commands.rename(frozen(named), 'Bob', by(bob))
  expect(commands.rename(frozen(both), 'Countess', by(ada)).names).toEqual({
    [ada]: 'Countess',
    [bob]: 'Bob',
  })
  expect(commands.rename(frozen(both), '', by(ada)).names).toEqual({ [bob]: 'Bob' })
})

test.each([
  ['with a line break', 'a\nb'],
  ['that turns the text around', 'a\u202eb'],
  ['that is invisible', '\u200b'],
  ['of half a pair', '\ud83d'],
  ['with spaces around', ' Ada '],
  ['that is too long', 'x'.repeat(25)],
  ['that is no text', 7],
])('a name %s is refused', (_, name) => {
  expect(isName(name)).toBe(false)
  const refused = refusal(() => commands.rename(frozen({}), name as string, by(ada)))
  expect(refused?.message).toBe('BAD-NAME')
})

test('names do not pile up without end: the oldest make room', () => {
  let house = initial()
  const ids = Array.from({ length: 300 }, (_, at) => at.toString(16).padStart(32, 'a') as MemberId)
  for (const id of ids) house = commands.rename(frozen(house), 'x', by(id))
  expect(Object.keys(house.names)).toEqual(ids.slice(-256))
})

test('a new showing frees every seat and keeps names and count', () => {
  const house = frozen({ taken: { A1: ada }, names: { [ada]: 'Ada' }, count: 4 })
  expect(commands.clear(house)).toMatchObject({ taken: {}, names: { [ada]: 'Ada' }, count: 4 })
  expect(commands.count(house).count).toBe(5)
})
