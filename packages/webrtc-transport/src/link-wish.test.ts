import { replicaId } from '@unanimous/core'
import { expect, test } from 'vitest'
import { neededOf } from './link-wish.ts'

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((digit) => replicaId(digit.repeat(32)))
const known = (id: typeof a): NonNullable<typeof a> => id ?? replicaId('0'.repeat(32))
const all = [known(a), known(b), known(c), known(d)]

test('[LK25] needed are the links that are named, and of the others those that are up before those to be made', () => {
  const wish = { to: [known(a)], others: 1, except: [known(b)] }
  expect([...neededOf(wish, all, (peer) => peer === d)]).toEqual([a, d])
  expect([...neededOf(wish, all, () => false)]).toEqual([a, c])
  expect([...neededOf({ ...wish, others: 0 }, all, () => true)]).toEqual([a])
})
