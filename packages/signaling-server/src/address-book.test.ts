import { expect, test } from 'vitest'
import { AddressBook } from './address-book.ts'
import { defaultLimits } from './limits.ts'

const limits = {
  ...defaultLimits,
  socketsPerAddressMax: 2,
  addressesMax: 2,
  arrivalsPerAddress: { burst: 3, perSecond: 1 },
  messagesPerAddress: { burst: 2, perSecond: 1 },
}

test('[SG16] sockets of one address are counted, and counted down', () => {
  const book = new AddressBook(limits)
  expect(book.admit('a', 0)).toBe('admitted')
  expect(book.admit('a', 0)).toBe('admitted')
  expect(book.admit('a', 0)).toBe('too-many-sockets')
  expect(book.admit('b', 0)).toBe('admitted')
  book.release('a')
  expect(book.admit('a', 0)).toBe('admitted')
})

test('[SG16] arrivals and messages of one address have a rate each', () => {
  const book = new AddressBook(limits)
  book.admit('a', 0)
  expect([0, 0, 0].map((at) => book.takeMessage('a', at))).toEqual([true, true, false])
  expect([0, 0, 0].map((at) => book.takeArrival('a', at))).toEqual([true, true, false])
  book.release('a')
  expect(book.admit('a', 0)).toBe('too-fast')
  expect(book.admit('a', 1000)).toBe('admitted')
  expect(book.takeMessage('a', 1000)).toBe(true)
})

test('[SG16] an address is forgotten when its memory would change nothing, and never before', () => {
  const book = new AddressBook(limits)
  book.admit('a', 0)
  book.admit('b', 0)
  book.release('a')
  expect(book.admit('c', 0)).toBe('book-full')
  book.sweep(500)
  expect(book.size).toBe(2)
  book.sweep(1000)
  expect(book.size).toBe(1)
  expect(book.admit('c', 1000)).toBe('admitted')
  book.sweep(1_000_000)
  expect(book.size).toBe(2)
})

test('[SG16] an address that was never admitted has nothing to spend', () => {
  const book = new AddressBook(limits)
  book.release('a')
  expect(book.takeMessage('a', 0)).toBe(false)
  expect(book.takeArrival('a', 0)).toBe(false)
  expect(book.size).toBe(0)
})
