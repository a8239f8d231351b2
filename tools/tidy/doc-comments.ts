/** What users may import says what it is: every exported name of a public entry has a doc comment. */
import { relative, sep } from 'node:path'
import ts from 'typescript'
import type { Finding } from './tree.ts'

function placeOf(top: string, declaration: ts.Declaration): { path: string; line: number } {
  const source = declaration.getSourceFile()
  const { line } = source.getLineAndCharacterOfPosition(declaration.getStart(source))
  return { path: relative(top, source.fileName).split(sep).join('/'), line: line + 1 }
}

/** The comment may stand where the name is made, wherever it is exported again. */
function isDocumented(checker: ts.TypeChecker, symbol: ts.Symbol): boolean {
  return symbol.getDocumentationComment(checker).some((part) => part.text.trim() !== '')
}

export function findUndocumented(
  program: ts.Program,
  top: string,
  entries: readonly string[],
): readonly Finding[] {
  const checker = program.getTypeChecker()
  const findings = new Map<ts.Symbol, Finding>()
  for (const entry of entries) {
    const source = program.getSourceFile(entry)
    const module = source === undefined ? undefined : checker.getSymbolAtLocation(source)
    if (module === undefined) continue // an entry without exports is no module
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol =
        exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
      const declaration = symbol.declarations?.[0]
      if (declaration === undefined || isDocumented(checker, symbol)) continue
      const message = `${exported.name} is public and has no doc comment`
      findings.set(symbol, { ...placeOf(top, declaration), message })
    }
  }
  return [...findings.values()]
}

/** What can be imported and used at run time: classes, functions and constants. */
export function importableValues(
  program: ts.Program,
  entries: readonly string[],
): readonly string[] {
  const checker = program.getTypeChecker()
  return entries.flatMap((entry) => {
    const source = program.getSourceFile(entry)
    const module = source === undefined ? undefined : checker.getSymbolAtLocation(source)
    if (module === undefined) return []
    return checker
      .getExportsOfModule(module)
      .filter((exported) => {
        const alias = exported.flags & ts.SymbolFlags.Alias
        const symbol = alias ? checker.getAliasedSymbol(exported) : exported
        return (symbol.flags & ts.SymbolFlags.Value) !== 0
      })
      .map(({ name }) => name)
  })
}
