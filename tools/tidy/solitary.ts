/**
 * Doors to the platform that must be in one file, so that there is one place to guard, to count and to replace. Imports are
 * fenced by .dependency-cruiser.cjs; this is for what no import shows.
 */
import ts from 'typescript'
import { lineOf, nodesOf, parse } from './syntax.ts'
import { isTest, type Finding, type TextFile } from './tree.ts'

interface Door {
  readonly name: string
  /** One file in all of the packages, or one in each. */
  readonly scope: 'workspace' | 'package'
  readonly is: (node: ts.Node) => boolean
}

const globals = new Set(['globalThis', 'window', 'self'])

/** `x`, or `globalThis.x`. */
function isGlobal(node: ts.Node, name: string): boolean {
  if (ts.isIdentifier(node)) return node.text === name
  return (
    ts.isPropertyAccessExpression(node) &&
    node.name.text === name &&
    ts.isIdentifier(node.expression) &&
    globals.has(node.expression.text)
  )
}

function importsFrom(node: ts.Node, library: string): boolean {
  return (
    (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
    node.moduleSpecifier !== undefined &&
    ts.isStringLiteral(node.moduleSpecifier) &&
    node.moduleSpecifier.text === library
  )
}

const doors: readonly Door[] = [
  {
    name: 'navigator.locks',
    scope: 'workspace',
    is: (node) =>
      ts.isPropertyAccessExpression(node) &&
      node.name.text === 'locks' &&
      isGlobal(node.expression, 'navigator'),
  },
  {
    name: 'setInterval',
    scope: 'package',
    is: (node) => ts.isCallExpression(node) && isGlobal(node.expression, 'setInterval'),
  },
  {
    name: 'new WebSocket',
    scope: 'workspace',
    is: (node) => ts.isNewExpression(node) && isGlobal(node.expression, 'WebSocket'),
  },
  { name: "the library 'ws'", scope: 'package', is: (node) => importsFrom(node, 'ws') },
]

/** The package whose users get this file; undefined for what is never shipped. */
function packageOf(path: string): string | undefined {
  return isTest(path) ? undefined : /^(packages\/[^/]+)\/src\/.*\.tsx?$/.exec(path)?.[1]
}

interface Place {
  readonly path: string
  readonly line: number
}

/** The first place in each file. */
function placesOf(files: readonly ts.SourceFile[], door: Door): readonly Place[] {
  return files.flatMap((source) => {
    for (const node of nodesOf(source)) {
      if (door.is(node)) return [{ path: source.fileName, line: lineOf(source, node) }]
    }
    return []
  })
}

export function findRepeatedDoors(files: readonly TextFile[]): readonly Finding[] {
  const sources = files.filter((file) => packageOf(file.path) !== undefined).map(parse)
  return doors.flatMap((door) => {
    const firstOf = new Map<string, string>()
    return placesOf(sources, door).flatMap(({ path, line }) => {
      const scope = door.scope === 'package' ? (packageOf(path) ?? '') : 'the workspace'
      const first = firstOf.get(scope)
      firstOf.set(scope, first ?? path)
      if (first === undefined) return []
      const message = `${door.name} is in ${first} already, and must be in one file of ${scope}`
      return [{ path, line, message }]
    })
  })
}
