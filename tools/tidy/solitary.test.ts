import { expect, test } from 'vitest'
import { findRepeatedDoors } from './solitary.ts'

/** One file for each text, in one package. */
const inOnePackage = (...texts: readonly string[]) =>
  texts.map((text, at) => ({ path: `packages/core/src/file-${String(at)}.ts`, text }))

test.each([
  ['navigator.locks', 'const a = navigator.locks'],
  ['navigator.locks through a global', 'globalThis.navigator.locks.request(name)'],
  ['setInterval', 'setInterval(tick, 10)'],
  ['setInterval through a global', 'window.setInterval(tick, 10)'],
  ['new WebSocket', "const a = new WebSocket('ws://x')"],
  ['the library ws', "import { WebSocketServer } from 'ws'"],
])('%s in two files of a package is found in the second', (_name, text) => {
  const found = findRepeatedDoors(inOnePackage(text, `// here too\n${text}`))
  expect(found.map(({ path, line }) => ({ path, line }))).toEqual([
    { path: 'packages/core/src/file-1.ts', line: 2 },
  ])
})

test('one file may use a door twice', () => {
  expect(findRepeatedDoors(inOnePackage('setInterval(a, 1)\nsetInterval(b, 1)'))).toEqual([])
})

test('words, strings and other objects are no doors', () => {
  const text = '// navigator.locks\nconst a = "setInterval(x)"\nthis.locks.request()'
  expect(findRepeatedDoors(inOnePackage(text, text))).toEqual([])
})

test('each package may have an interval of its own, but there is one file for the locks', () => {
  const inTwo = (text: string) => [
    { path: 'packages/a/src/a.ts', text },
    { path: 'packages/b/src/b.ts', text },
  ]
  expect(findRepeatedDoors(inTwo('setInterval(a, 1)'))).toEqual([])
  expect(findRepeatedDoors(inTwo('navigator.locks'))).toHaveLength(1)
})

test('tests and what is not shipped are free', () => {
  const text = 'setInterval(a, 1)'
  const files = [
    { path: 'packages/a/src/a.ts', text },
    { path: 'packages/a/src/a.test.ts', text },
    { path: 'packages/a/cli/a.ts', text },
  ]
  expect(findRepeatedDoors(files)).toEqual([])
})
