/**
 * The examples of the documents, as files that the compiler can judge. A fence that says `ts` or `tsx` stands for itself; one
 * that says `ts continued` goes on where the last one of its document stopped; one that says `ts seats.ts` has that name, and
 * others of its document import it as `./seats.ts`. Fences in other languages are left alone.
 */
import { join } from 'node:path'
import ts from 'typescript'
import { isMarkdown, type Finding, type TextFile } from './tree.ts'

/** One example, with the lines of its document where each of its own lines comes from. */
export interface Snippet {
  readonly path: string
  /** The 1-based line of the document for each line of the text. */
  readonly lines: readonly number[]
  readonly text: string
  /** How other examples of the document import it, or what it is numbered as. */
  readonly file: string
}

const opening = /^( *)(```+)(tsx?|typescript)(\s.*)?$/

export function snippetsOf(file: TextFile): readonly Snippet[] {
  const snippets: Snippet[] = []
  const lines = file.text.split('\n')
  for (let at = 0; at < lines.length; at += 1) {
    const open = opening.exec(lines[at] ?? '')
    if (open === null) continue
    const [, indent = '', fence = '', language = '', rest = ''] = open
    const from = at + 1
    at = from
    while (at < lines.length && lines[at]?.trim() !== fence) at += 1
    const word = rest.trim()
    const before = word === 'continued' ? snippets.at(-1) : undefined
    const own = lines.slice(from, at).map((line) => line.slice(indent.length))
    snippets.push({
      path: file.path,
      lines: [...(before?.lines ?? []), ...own.map((_line, index) => from + index + 1)],
      text: [...(before === undefined ? [] : [before.text]), ...own].join('\n'),
      file: /\.tsx?$/.test(word)
        ? word
        : `example-${String(snippets.length)}.${language === 'tsx' ? 'tsx' : 'ts'}`,
    })
  }
  return snippets
}

/** Where each example lies in the program: a folder for each document, below the root, where every package can be named. */
export function virtualSnippets(
  top: string,
  files: readonly TextFile[],
): ReadonlyMap<string, Snippet> {
  return new Map(
    files
      .filter((file) => isMarkdown(file.path))
      .flatMap((file, at) =>
        snippetsOf(file).map(
          (snippet) => [join(top, `document-${String(at)}`, snippet.file), snippet] as const,
        ),
      ),
  )
}

export function findBrokenSnippets(
  program: ts.Program,
  snippets: ReadonlyMap<string, Snippet>,
): readonly Finding[] {
  return [...snippets].flatMap(([place, snippet]) => {
    const source = program.getSourceFile(place)
    if (source === undefined) throw new Error(`${place} is not in the program`)
    const diagnostics = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ]
    return diagnostics.map((diagnostic) => {
      const { line } = source.getLineAndCharacterOfPosition(diagnostic.start ?? 0)
      return {
        path: snippet.path,
        line: snippet.lines[line] ?? 1,
        message: ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ').replace(/ +/g, ' '),
      }
    })
  })
}
