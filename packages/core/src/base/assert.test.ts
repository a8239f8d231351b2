import { describe, expect, it } from 'vitest'
import { assert, InvariantViolation, present } from './assert.ts'

describe('an assertion', () => {
  it('[RT4] throws the one error that halts a replica', () => {
    expect(() => assert(false, 'it rained')).toThrow(InvariantViolation)
    expect(() => assert(false, 'it rained')).toThrow('it rained')
    expect(() => assert(true, 'it rained')).not.toThrow()
  })

  it('[RT4] hands on what is there, a zero as well', () => {
    expect(present(0, 'nothing')).toBe(0)
    expect(() => present(undefined, 'nothing')).toThrow(InvariantViolation)
  })
})
