/** Links within the documents: each leads to a file of the tree, and to a heading in it if it names one. */
import { dirname, posix } from 'node:path'
import { isMarkdown, lineAt, type Finding, type TextFile, type Tree } from './tree.ts'

interface Link {
  readonly target: string
  readonly line: number
}

const fence = /^( *)(```+|~~~+)[^]*?^\1?\2 *$/gm

const blank = (code: string): string => code.replace(/[^\n]/g, ' ')

/** Everything but code, which is blanked so that offsets stay. */
function withoutCode(text: string): string {
  return text.replace(fence, blank).replace(/(`+)[^`]+\1/g, blank)
}

const forms = [
  /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g, // [text](target "title"), ![picture](target)
  /^\[[^\]]+\]:\s*(\S+)/gm, // [name]: target
  /\b(?:href|src)="([^"]+)"/g,
]

function linksIn(file: TextFile): readonly Link[] {
  const prose = withoutCode(file.text)
  return forms.flatMap((form) =>
    [...prose.matchAll(form)].map((match) => ({
      target: match[1] ?? '',
      line: lineAt(prose, match.index),
    })),
  )
}

/** The name that a heading gets in a rendered page: words in lower case, joined by hyphens; repeated ones are numbered. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const match of text.replace(fence, blank).matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const words = (match[1] ?? '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const name = words.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-')
    let unique = name
    for (let again = 1; anchors.has(unique); again += 1) unique = `${name}-${String(again)}`
    anchors.add(unique)
  }
  for (const match of text.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(match[1] ?? '')
  return anchors
}

const leadsOutside = (target: string): boolean => /^([a-z][a-z0-9+.-]*:|\/\/)/i.test(target)

export function findBrokenLinks(tree: Tree): readonly Finding[] {
  const texts = new Map(tree.files.map((file) => [file.path, file.text]))
  const places = new Set(tree.paths)
  for (const path of tree.paths) {
    for (let at = dirname(path); !places.has(at) && at !== '.'; at = dirname(at)) places.add(at)
  }
  const whyBroken = (from: string, target: string): string | undefined => {
    if (target.startsWith('/'))
      return 'begins at the root of a disk; write it relative to this file'
    const [file = '', anchor] = target.split('#')
    const plain = decodeURIComponent(file).replace(/\/$/, '')
    const path = plain === '' ? from : posix.join(dirname(from), plain)
    if (path !== '.' && !places.has(path)) return 'leads nowhere'
    if (anchor === undefined || !isMarkdown(path)) return undefined
    return anchorsOf(texts.get(path) ?? '').has(anchor) ? undefined : 'names no heading there'
  }
  return tree.files
    .filter((file) => isMarkdown(file.path))
    .flatMap((file) =>
      linksIn(file)
        .filter((link) => !leadsOutside(link.target))
        .flatMap(({ target, line }) => {
          const why = whyBroken(file.path, target)
          return why === undefined ? [] : [{ path: file.path, line, message: `"${target}" ${why}` }]
        }),
    )
}
