import { expect, test } from 'vitest'
import { anchorsOf, findBrokenLinks } from './links.ts'
import type { Tree } from './tree.ts'

const treeOf = (texts: Readonly<Record<string, string>>): Tree => ({
  top: '',
  paths: [...Object.keys(texts), 'docs/picture.png'],
  files: Object.entries(texts).map(([path, text]) => ({ path, text })),
})

const others = {
  'docs/SPEC.md': '# Spec\n\n## What `step` does, and why\n\n## Twice\n\n## Twice\n',
  'packages/core/src/step.ts': 'a\n\nb\n',
}
const brokenIn = (text: string): readonly string[] =>
  findBrokenLinks(treeOf({ ...others, 'docs/a.md': text })).map((finding) => finding.message)

test.each([
  ['[a](b.md)', '"b.md" leads nowhere'],
  ['[a](spec.md)', '"spec.md" leads nowhere'],
  ['![a](picture.jpg)', '"picture.jpg" leads nowhere'],
  ['[a](../../outside.md)', '"../../outside.md" leads nowhere'],
  ['[a][1]\n\n[1]: ./b.md', '"./b.md" leads nowhere'],
  ['<img src="b.png" alt="">', '"b.png" leads nowhere'],
  ['[a](SPEC.md#nothing)', '"SPEC.md#nothing" names no heading there'],
  ['[a](#nothing)', '"#nothing" names no heading there'],
  [
    '[a](/docs/SPEC.md)',
    '"/docs/SPEC.md" begins at the root of a disk; write it relative to this file',
  ],
])('%s is broken', (text, message) => {
  expect(brokenIn(text)).toEqual([message])
})

test.each([
  '[a](SPEC.md)',
  '[a](SPEC.md "title")',
  '[a](../packages/core/src/step.ts#L3)',
  '[a](../packages/core)',
  '[a](..)',
  '![a](picture.png)',
  '[a](SPEC.md#what-step-does-and-why)',
  '[a](SPEC.md#twice-1)',
  '# Here\n\n[a](#here)',
  '[a](https://example.org/x)',
  '[a](mailto:someone@example.org)',
  '`[a](b.md)`',
  '```md\n[a](b.md)\n```',
])('%s is whole', (text) => {
  expect(brokenIn(text)).toEqual([])
})

test('headings in code are no headings', () => {
  expect([...anchorsOf('# A\n\n```sh\n# B\n```\n')]).toEqual(['a'])
})
