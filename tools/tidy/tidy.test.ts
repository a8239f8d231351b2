/** The house rules that no other tool checks, held against the whole tree. Each has a test beside it that shows it failing. */
import { resolve } from 'node:path'
import type ts from 'typescript'
import { beforeAll, expect, test } from 'vitest'
import { findBanned } from './bans.ts'
import { findUndocumented, importableValues } from './doc-comments.ts'
import { findBrokenLinks } from './links.ts'
import { findRuleGaps } from './rules.ts'
import { findBadNames, findHeadless, findTooLong } from './shape.ts'
import { findBrokenSnippets, virtualSnippets, type Snippet } from './snippets.ts'
import { findRepeatedDoors } from './solitary.ts'
import { inLines, readTree, type Finding, type Tree } from './tree.ts'
import { createWorkspaceProgram, publicEntries } from './workspace-program.ts'

const top = resolve(import.meta.dirname, '../..')
let tree: Tree
let program: ts.Program
let snippets: ReadonlyMap<string, Snippet>
let entries: readonly string[]

beforeAll(() => {
  tree = readTree(top)
  entries = publicEntries(top)
  snippets = virtualSnippets(top, tree.files)
  const virtual = new Map([...snippets].map(([path, snippet]) => [path, snippet.text]))
  program = createWorkspaceProgram({ top, roots: entries, virtual })
})

/** A failing check prints every place, not the first. */
function expectNone(findings: readonly Finding[]): void {
  expect(inLines(findings).join('\n')).toBe('')
}

test('the tree is read', () => {
  expect(tree.paths).toContain('tools/tidy/tidy.test.ts')
  expect(entries.length).toBeGreaterThan(0)
})

test('no file says what is banned', () => {
  expectNone(findBanned(tree.files))
})

test('every file is named by its noun, in kebab-case', () => {
  expectNone(findBadNames(tree.paths))
})

test('no file is too long', () => {
  expectNone(findTooLong(tree.files))
})

test('every source file begins with what it knows', () => {
  expectNone(findHeadless(tree.files))
})

test('each door to the platform is in one file', () => {
  expectNone(findRepeatedDoors(tree.files))
})

test('everything public has a doc comment', () => {
  expectNone(findUndocumented(program, top, entries))
})

test('the map for machines names everything that applications import', () => {
  const map = tree.files.find(({ path }) => path === 'llms.txt')?.text ?? ''
  const doors = /packages\/(unanimous|react|playwright|signaling-server|node-peer)\//
  const names = importableValues(
    program,
    entries.filter((entry) => doors.test(entry)),
  )
  expect(names).toContain('createGroup')
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(map))).toEqual([])
})

test('every example of the documents compiles', () => {
  expectNone(findBrokenSnippets(program, snippets))
})

test('every link between the documents leads somewhere', () => {
  expectNone(findBrokenLinks(tree))
})

test('every rule of the specification has a test, and every rule that a test names exists', () => {
  expectNone(findRuleGaps(tree.files))
})
