/** Doc comments and examples, judged by the compiler on a small workspace with one package. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findUndocumented } from './doc-comments.ts'
import { findBrokenSnippets, snippetsOf, virtualSnippets } from './snippets.ts'
import { inLines } from './tree.ts'
import { createWorkspaceProgram, publicEntries } from './workspace-program.ts'

const top = resolve(import.meta.dirname, '../..')
let sample: string

const fence = (text: string, info = 'ts'): string => `\`\`\`${info}\n${text}\n\`\`\`\n`

const files: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module" }',
  'packages/group/package.json': JSON.stringify({
    name: 'group',
    type: 'module',
    exports: {
      '.': { '@unanimous/source': './src/index.ts', default: './dist/index.js' },
      './internal': { '@unanimous/source': './src/internal.ts' },
      './package.json': './package.json',
    },
  }),
  'packages/group/src/index.ts': [
    '/** The public surface. */',
    "export { documented, undocumented, type Bare } from './group.ts'",
    '/** Says what it is. */',
    'export const here: string = documented(1)',
    "import { documented } from './group.ts'",
  ].join('\n'),
  'packages/group/src/internal.ts': 'export const inner = 1',
  'packages/group/src/group.ts': [
    '/** Knows groups. */',
    "import './internal.ts'",
    '',
    '/** Turns a number into words. */',
    'export function documented(value: number): string { return String(value) }',
    'export function undocumented(): void {}',
    'export interface Bare { readonly a: string }',
  ].join('\n'),
  'packages/hidden/package.json': JSON.stringify({
    name: 'hidden',
    private: true,
    exports: { '.': { '@unanimous/source': './src/index.ts' } },
  }),
  'packages/hidden/src/index.ts': 'export const hidden = 1',
}

const readme = [
  '# Sample', // line 1
  fence("import { documented } from 'group'\nconst words: string = documented(1)"), // 2 to 5
  fence('const more: number = words', 'ts continued'), // 7 to 9: a string is no number
  fence("import { nothing } from 'group'"), // 11 to 13
  fence('const list = [1]\nconst one: number = list[0]'), // 15 to 18: unchecked index
  fence('this is no TypeScript', 'text'),
  fence('await Promise.resolve()\nconst unused = 1\nwindow.addEventListener("x", () => {})'),
  fence('export const seat: string = "A1"', 'ts seat.ts'), // 30 to 32
  fence("import { seat } from './seat.ts'\nexport const length: string = seat.length"), // 34 to 37
  fence('export const one = 1 satisfies string', 'tsx'), // 39 to 41
].join('\n')

beforeAll(() => {
  sample = mkdtempSync(join(tmpdir(), 'unanimous-face-'))
  copyFileSync(join(top, 'tsconfig.base.json'), join(sample, 'tsconfig.base.json'))
  symlinkSync(join(top, 'node_modules'), join(sample, 'node_modules'), 'junction')
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(sample, path)), { recursive: true })
    writeFileSync(join(sample, path), text)
  }
})

afterAll(() => {
  rmSync(sample, { recursive: true, force: true })
})

test('what is exported by a public entry without a doc comment is found, and what does not compile', () => {
  const entries = publicEntries(sample)
  const snippets = virtualSnippets(sample, [{ path: 'README.md', text: readme }])
  const virtual = new Map([...snippets].map(([path, snippet]) => [path, snippet.text]))
  const program = createWorkspaceProgram({ top: sample, roots: entries, virtual })

  expect(entries).toEqual([join(sample, 'packages/group/src/index.ts')])
  expect(inLines(findUndocumented(program, sample, entries))).toEqual([
    'packages/group/src/group.ts:6 undocumented is public and has no doc comment',
    'packages/group/src/group.ts:7 Bare is public and has no doc comment',
  ])
  expect(inLines(findBrokenSnippets(program, snippets))).toEqual([
    "README.md:8 Type 'string' is not assignable to type 'number'.",
    expect.stringMatching(/^README.md:12 .*has no exported member 'nothing'/),
    "README.md:17 Type 'number | undefined' is not assignable to type 'number'. Type 'undefined' is not assignable to type 'number'.",
    "README.md:36 Type 'number' is not assignable to type 'string'.",
    "README.md:40 Type 'number' does not satisfy the expected type 'string'.",
  ])
})

test('a fence inside a list is read without its indent', () => {
  const text = '- item\n\n  ```ts\n  const a = 1\n  ```\n'
  expect(snippetsOf({ path: 'a.md', text })).toEqual([
    { path: 'a.md', lines: [4], text: 'const a = 1', file: 'example-0.ts' },
  ])
})
