/**
 * The rules of the specification and the tests that name them: none without the other. Knows ids, not what they mean.
 */
import ts from 'typescript'
import { lineOf, nodesOf, parse } from './syntax.ts'
import { isCode, isTest, lineAt, type Finding, type TextFile } from './tree.ts'

interface Mention {
  readonly id: string
  readonly path: string
  readonly line: number
}

const isSpecification = (path: string): boolean =>
  path === 'docs/SPEC.md' || /^docs\/spec-parts\/[^/]+\.md$/.test(path)

/** A contract suite is run by the tests of each implementation; its titles are titles. */
const hasTitles = (path: string): boolean =>
  /^(packages|e2e|tools)\//.test(path) &&
  isCode(path) &&
  (isTest(path) || path.startsWith('e2e/') || /^packages\/[^/]+\/src\/testing\//.test(path))

/** `| QU3 | … |`, also in bold or as code. */
const row = /^\|\s*[*`]*([A-Z]{2}\d+)[*`]*\s*\|/gm
/** `[QU3] …`, `[QU3] [QU4] …` or `[QU3, QU4] …`. */
const titleStart = /^(\s*\[[A-Z]{2}\d+(,\s*[A-Z]{2}\d+)*\])+/
const id = /[A-Z]{2}\d+/g

function rulesIn(file: TextFile): readonly Mention[] {
  return [...file.text.matchAll(row)].map((match) => ({
    id: match[1] ?? '',
    path: file.path,
    line: lineAt(file.text, match.index),
  }))
}

/** The fixed beginning of a title, whatever kind of quotes it has. */
function beginningOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text
  return ts.isTemplateExpression(node) ? node.head.text : undefined
}

/** Titles are first arguments; a string elsewhere that looks like one is data. */
function titlesIn(file: TextFile): readonly Mention[] {
  const source = parse(file)
  const mentions: Mention[] = []
  for (const node of nodesOf(source)) {
    if (!ts.isCallExpression(node)) continue
    const [title] = node.arguments
    const start = title === undefined ? undefined : titleStart.exec(beginningOf(title) ?? '')?.[0]
    for (const match of start?.matchAll(id) ?? []) {
      mentions.push({ id: match[0], path: file.path, line: lineOf(source, node) })
    }
  }
  return mentions
}

/** The first mention of an id in each file: one line is enough to find the others. */
function firstOfEach(mentions: readonly Mention[]): readonly Mention[] {
  const keys = mentions.map(({ id: name, path }) => `${path} ${name}`)
  return mentions.filter((_mention, at) => keys.indexOf(keys[at] ?? '') === at)
}

export function findRuleGaps(files: readonly TextFile[]): readonly Finding[] {
  const rules = files.filter((file) => isSpecification(file.path)).flatMap(rulesIn)
  const titles = files.filter((file) => hasTitles(file.path)).flatMap(titlesIn)
  const stated = new Map<string, Mention>()
  const twice: Finding[] = []
  for (const rule of rules) {
    const first = stated.get(rule.id)
    if (first === undefined) stated.set(rule.id, rule)
    else twice.push(finding(rule, `is stated in ${first.path}:${String(first.line)} already`))
  }
  const tested = new Set(titles.map((title) => title.id))
  return [
    ...twice,
    ...[...stated.values()]
      .filter((rule) => !tested.has(rule.id))
      .map((rule) => finding(rule, 'is in the title of no test')),
    ...firstOfEach(titles.filter((title) => !stated.has(title.id))).map((title) =>
      finding(title, 'is no rule of docs/SPEC.md or docs/spec-parts/'),
    ),
  ]
}

function finding(mention: Mention, what: string): Finding {
  return { path: mention.path, line: mention.line, message: `[${mention.id}] ${what}` }
}
