/** The files of the workspace that people wrote, as text. Does not know what is checked in them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file as the checks see it. */
export interface TextFile {
  /** From the root of the workspace, with slashes. */
  readonly path: string
  readonly text: string
}

/** Everything below the root that is neither installed nor made. */
export interface Tree {
  /** The root on this machine. */
  readonly top: string
  /** Every file, pictures included. */
  readonly paths: readonly string[]
  readonly files: readonly TextFile[]
}

/** Something that is not as it should be, and what to do about it. */
export interface Finding {
  readonly path: string
  /** 1-based. */
  readonly line: number
  readonly message: string
}

/** As .gitignore has it, and what tools write by themselves. */
const notOurs = new Set([
  ...['.git', 'node_modules', 'dist', '.tsbuild', '.cache', 'coverage'],
  ...['test-results', 'playwright-report', 'pnpm-lock.yaml'],
])

function walk(top: string, folder: string): readonly string[] {
  return readdirSync(join(top, folder), { withFileTypes: true })
    .filter((entry) => !notOurs.has(entry.name) && !entry.name.endsWith('.tsbuildinfo'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) return walk(top, path)
      return entry.isFile() ? [path] : []
    })
}

export function readTree(top: string): Tree {
  const paths = walk(top, '')
  const files = paths
    .map((path) => ({ path, text: readFileSync(join(top, path), 'utf8') }))
    // A picture has zero bytes near its beginning, text never.
    .filter((file) => !file.text.slice(0, 4096).includes('\0'))
  return { top, paths, files }
}

export const isCode = (path: string): boolean => /\.(ts|tsx|js|mjs|cjs)$/.test(path)
export const isTest = (path: string): boolean => /\.(test|spec)\.tsx?$/.test(path)
/** What machines read is written in it, too. */
export const isMarkdown = (path: string): boolean => path.endsWith('.md') || path === 'llms.txt'

/** The 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1
  }
  return line
}

/** One line for each finding, as editors link them. */
export function inLines(findings: readonly Finding[]): readonly string[] {
  return findings.map((each) => `${each.path}:${String(each.line)} ${each.message}`)
}
