/** Source text as TypeScript's syntax tree. Knows no types. */
import ts from 'typescript'
import type { TextFile } from './tree.ts'

export function parse(file: TextFile): ts.SourceFile {
  return ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ESNext, true)
}

/** The 1-based line on which a node begins. */
export function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
}

/** Every node, parents before children. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  const pending: ts.Node[] = [node]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    yield next
    const children: ts.Node[] = []
    ts.forEachChild(next, (child) => {
      children.push(child)
    })
    pending.push(...children.reverse())
  }
}
