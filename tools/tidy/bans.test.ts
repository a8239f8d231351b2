import { expect, test } from 'vitest'
import { findBanned } from './bans.ts'

const source = 'packages/core/src/a.ts'
const linesOf = (path: string, text: string): readonly number[] =>
  findBanned([{ path, text }]).map((finding) => finding.line)

test.each([
  [source, 'const a = 1 // TODO later'],
  ['tools/a.mjs', '// FIXME'],
  ['e2e/a.ts', '/* XXX */'],
  [source, '// eslint-disable-next-line no-console'],
  [source, '// @ts-ignore'],
  [source, '// @ts-expect-error'],
  ['packages/core/src/a.test.ts', "test.only('x', () => {})"],
  ['packages/core/src/a.test.ts', "describe.skip('x', () => {})"],
  ['e2e/a.spec.ts', 'test.skip()'],
  [source, 'const a = b as any'],
  [source, 'f(b as any, c)'],
  [source, 'export default function a() {}'],
  [source, 'export { a as default }'],
  [source, 'try { a() } catch {}'],
  [source, 'try { a() } catch (error) {\n}'],
  [source, "console.log('x')"],
  ['README.md', 'see /home/someone/notes'],
  ['packages/a/package.json', '{ "main": "/work/main/a.js" }'],
  ['.ci/run', 'cd /root/x'],
])('%s must not say: %s', (path, text) => {
  expect(linesOf(path, `\n${text}\n`)).toEqual([2])
})

test.each([
  ['README.md', 'There is no TODO here'],
  ['packages/core/src/a.types.test.ts', '// @ts-expect-error a string is no number'],
  ['packages/core/src/a.test.ts', "test.skipIf(slow)('x', () => {})"],
  [source, '// the same as any other'],
  [source, '// never console.log'],
  [source, '/** `export default` is not for us. */'],
  ['vite.config.ts', 'export default {}'],
  [source, 'try { a() } catch { /* gone already */ }'],
  ['tools/a.ts', "console.log('x')"],
  ['packages/core/src/a.test.ts', "console.log('x')"],
  ['README.md', 'https://example.org/home/page and docs/work/a.md and ./root/b'],
  ['tools/tidy/bans.ts', '// TODO'],
])('%s may say: %s', (path, text) => {
  expect(linesOf(path, text)).toEqual([])
})

test('every place is found, and named by its line', () => {
  const text = 'const a = 1 // TODO\n\nexport default a // TODO\n'
  expect(linesOf(source, text)).toEqual([1, 3, 3])
})
