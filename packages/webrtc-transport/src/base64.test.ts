import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromBase64, toBase64 } from './base64.ts'

test('[SE1] bytes survive base64, and each has one text only', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const text = toBase64(bytes)
      expect(text).toBe(Buffer.from(bytes).toString('base64'))
      expect(fromBase64(text)).toEqual(bytes)
    }),
    { seed: 20_240_506, numRuns: 500 },
  )
})

test.each(['!', 'a', 'YQ', 'YQ= =', ' YQ==', 'YR==', 'ü'])('[SE1] %j is no base64', (text) => {
  expect(fromBase64(text)).toBeUndefined()
})
