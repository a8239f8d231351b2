/** What a source file looks like from outside: its name, its length, its first words. Does not parse. */
import { isCode, isTest, type Finding, type TextFile } from './tree.ts'

/** What fits a head; a longer file holds more than one noun. */
const sourceLinesMax = 400
const testLinesMax = 600

const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/
const nouns = '(utils?|helpers?|commons?|misc|types|managers?|services?)'
const emptyName = new RegExp(`^(${nouns}|.*-${nouns.replace('|types', '')})$`)

const inRooms = (path: string): boolean => /^(packages|e2e|tools)\//.test(path)

/** Names are checked for code in the rooms; the root's files are named by their tools. */
export function findBadNames(paths: readonly string[]): readonly Finding[] {
  return paths
    .filter((path) => inRooms(path) && /\.(ts|tsx|js|mjs|cjs|css|html)$/.test(path))
    .flatMap((path) => {
      const parts = path.split('/')
      const stems = parts.map((part) => part.split('.')[0] ?? '')
      const odd = parts.filter((part) => !kebabCase.test(part))
      const empty = stems.filter((stem) => emptyName.test(stem))
      return [
        ...odd.map((part) => ({ path, line: 1, message: `"${part}" is not in kebab-case` })),
        ...empty.map((stem) => ({
          path,
          line: 1,
          message: `"${stem}" says nothing: name the noun`,
        })),
      ]
    })
}

export function findTooLong(files: readonly TextFile[]): readonly Finding[] {
  return files
    .filter((file) => inRooms(file.path) && (isCode(file.path) || file.path.endsWith('.css')))
    .flatMap(({ path, text }) => {
      const lines = text.trimEnd().split('\n').length
      const max = isTest(path) ? testLinesMax : sourceLinesMax
      if (lines <= max) return []
      const message = `${String(lines)} lines, more than ${String(max)}: split it by noun`
      return [{ path, line: max + 1, message }]
    })
}

/** A test needs no header: the file beside it has one. */
export function findHeadless(files: readonly TextFile[]): readonly Finding[] {
  return files
    .filter((file) => inRooms(file.path) && isCode(file.path) && !isTest(file.path))
    .filter((file) => !file.text.replace(/^#!.*\n/, '').startsWith('/**'))
    .map(({ path }) => ({
      path,
      line: 1,
      message: 'begins without /** what this knows, what it deliberately does not know */',
    }))
}
