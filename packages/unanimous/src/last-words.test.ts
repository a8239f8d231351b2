import type { ReplicaId } from '@unanimous/core'
import { expect, test } from 'vitest'
import { lastWordsIn } from './last-words.ts'

const [one, other] = ['1'.repeat(32) as ReplicaId, '2'.repeat(32) as ReplicaId]

function memoryOf(values: Map<string, string>) {
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  }
}

test('[BQ12] a page notes for its store in which start it left its votes to nobody', () => {
  const words = lastWordsIn(() => memoryOf(new Map()))
  expect(words.read(one)).toBeUndefined()
  const values = new Map<string, string>()
  lastWordsIn(() => memoryOf(values)).write(one, 7)
  const again = lastWordsIn(() => memoryOf(values))
  expect([again.read(one), again.read(other)]).toEqual([7, undefined])
})

test.each(['', '0', '-1', '7 ', 'seven'])(
  '[BQ12] a note that is no number is none: "%s"',
  (text) => {
    const memory = { getItem: () => text, setItem: () => undefined }
    expect(lastWordsIn(() => memory).read(one)).toBeUndefined()
  },
)

test('[BQ12] where nothing may be remembered nothing is noted, and nothing is thrown', () => {
  const words = lastWordsIn(() => {
    throw new Error('storage is switched off')
  })
  words.write(one, 1)
  expect(words.read(one)).toBeUndefined()
})
