import { expect, test } from 'vitest'
import { closeMeanings, closeName, reconnectAdvice } from './close-codes.ts'
import type { CloseMeaning, CloseName } from './close-codes.ts'
import { errorSentences, isErrorCode } from './error-codes.ts'
import { errorMessageLengthMax } from './limits.ts'

const meanings = Object.entries(closeMeanings) as [CloseName, CloseMeaning][]

test('[SG7] close codes are distinct, allowed on the wire, and found by number', () => {
  expect(new Set(meanings.map(([, { code }]) => code)).size).toBe(meanings.length)
  for (const [name, { code, reconnect }] of meanings) {
    const standard = code >= 1001 && code <= 1014 && ![1004, 1005, 1006].includes(code)
    expect(standard || (code >= 4000 && code <= 4999)).toBe(true)
    expect(closeName(code)).toBe(name)
    expect(reconnectAdvice(code)).toBe(reconnect)
  }
})

test('[SG7] a code that is not ours means a broken connection: come back soon', () => {
  expect(closeName(1006)).toBeUndefined()
  expect(reconnectAdvice(1006)).toBe('soon')
})

test('[SG7] a replaced peer is told not to come back, a drained one to come back soon', () => {
  expect(reconnectAdvice(closeMeanings.replaced.code)).toBe('never')
  expect(reconnectAdvice(closeMeanings.restart.code)).toBe('soon')
})

test('[SG7] every code has a sentence that fits its frame', () => {
  for (const sentence of Object.values(errorSentences)) {
    expect(sentence).toMatch(/^[A-Z].*\.$/)
    expect(sentence.length).toBeLessThanOrEqual(errorMessageLengthMax)
  }
  // A close frame holds 123 bytes of reason.
  for (const [, { sentence }] of meanings) {
    expect(sentence).toMatch(/^[A-Z][\x20-\x7e]{0,121}\.$/)
  }
})

test('[SG7] only own keys are error codes', () => {
  expect(isErrorCode('no-such-peer')).toBe(true)
  expect(isErrorCode('constructor')).toBe(false)
  expect(isErrorCode('__proto__')).toBe(false)
  expect(isErrorCode(7)).toBe(false)
})
