import { describe, expect, test } from 'vitest'
import { isOriginAllowed, originPolicy } from './origin.ts'

describe('same host', () => {
  const policy = originPolicy([])

  test.each([
    ['http://app.example', 'app.example'],
    ['https://app.example', 'app.example:8787'],
    ['http://localhost:5173', 'localhost:8787'],
    ['http://localhost:5173', '127.0.0.1:8787'],
    ['http://127.0.0.1:5173', '[::1]:8787'],
    ['http://[::1]:5173', 'localhost:8787'],
  ])('[SG21] a page of %s may use %s', (origin, host) => {
    expect(isOriginAllowed(policy, origin, host)).toBe(true)
  })

  test.each([
    ['https://evil.example', 'app.example'],
    ['https://app.example.evil.example', 'app.example'],
    ['https://evilapp.example', 'app.example'],
    ['http://192.168.1.5:5173', '127.0.0.1:8787'],
    ['null', 'localhost:8787'],
    ['', 'localhost:8787'],
    ['http://localhost, http://evil.example', 'localhost:8787'],
    ['file://localhost', 'localhost:8787'],
    ['http://localhost:5173', undefined],
    ['http://localhost:5173', 'local host'],
  ])('[SG21] a page of %s may not use %s', (origin, host) => {
    expect(isOriginAllowed(policy, origin, host)).toBe(false)
  })
})

test('[SG21] a list lets in what it names, the host itself not unless named', () => {
  const policy = originPolicy(['https://app.example', 'http://localhost:5173'])
  expect(isOriginAllowed(policy, 'https://app.example', 'signal.example')).toBe(true)
  expect(isOriginAllowed(policy, 'http://localhost:5173', 'signal.example')).toBe(true)
  expect(isOriginAllowed(policy, 'http://app.example', 'app.example')).toBe(false)
  expect(isOriginAllowed(policy, 'http://localhost:5174', 'localhost:8787')).toBe(false)
  expect(isOriginAllowed(policy, 'null', 'app.example')).toBe(false)
})

test('[SG21] the star lets every page in, and a program without a page is always let in', () => {
  expect(isOriginAllowed(originPolicy(['*']), 'https://any.example', 'x')).toBe(true)
  expect(isOriginAllowed(originPolicy(['*']), 'null', 'x')).toBe(true)
  expect(isOriginAllowed(originPolicy(['https://app.example']), undefined, 'x')).toBe(true)
  expect(isOriginAllowed(originPolicy([]), undefined, undefined)).toBe(true)
})

test.each([
  'app.example',
  'https://app.example/',
  'https://app.example/path',
  'https://APP.example',
  'https://app.example:443',
  'ws://app.example',
  'https://*.app.example/',
  'null',
  '',
])('[SG21] "%s" in the list is a mistake and refused', (origin) => {
  expect(() => originPolicy([origin])).toThrow(expect.objectContaining({ code: 'bad-option' }))
})
