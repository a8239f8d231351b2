/**
 * Words that must not be in the tree, each with the reason. This file and its test are the only ones that may spell them.
 */
import { isCode, isTest, lineAt, type Finding, type TextFile } from './tree.ts'

interface Ban {
  readonly pattern: RegExp
  readonly message: string
  /** Which files it is about. */
  readonly about: (path: string) => boolean
  /** It means code: a comment may speak of it. */
  readonly codeOnly?: boolean
}

const isConfiguration = (path: string): boolean => /\.config\.[a-z]+$/.test(path)
const isDeclaration = (path: string): boolean => path.endsWith('.d.ts')
const isTypeTest = (path: string): boolean => path.endsWith('.types.test.ts')
const isShipped = (path: string): boolean => /^packages\/[^/]+\/src\//.test(path) && !isTest(path)

const bans: readonly Ban[] = [
  {
    pattern: /\b(TODO|FIXME|XXX)\b/,
    message: 'finish it, or write it down where plans are kept',
    about: isCode,
  },
  {
    pattern: /eslint-disable|prettier-ignore/,
    message: 'change the code, or the rule for everyone',
    about: isCode,
  },
  { pattern: /@ts-(ignore|nocheck)/, message: 'give it the right type', about: isCode },
  {
    pattern: /@ts-expect-error/,
    message: 'only a type test (*.types.test.ts) may expect an error',
    about: (path) => isCode(path) && !isTypeTest(path),
  },
  {
    pattern: /\.(only|skip)\s*\(/,
    message: 'every test runs; one that cannot run here says so with skipIf',
    about: (path) => isTest(path) || path.startsWith('e2e/'),
    codeOnly: true,
  },
  {
    pattern: /\bas any\b(?! [a-z])/,
    message: 'narrow the value instead',
    about: isCode,
    codeOnly: true,
  },
  {
    pattern: /^\s*export default\b|\bas default\b/m,
    message: 'export it by name',
    about: (path) => isCode(path) && !isConfiguration(path) && !isDeclaration(path),
    codeOnly: true,
  },
  {
    pattern: /\bcatch\s*(\([^)]*\)\s*)?\{\s*\}/,
    message: 'an error that is swallowed needs at least the reason why that is right',
    about: isCode,
    codeOnly: true,
  },
  {
    pattern: /\bconsole\s*\./,
    message: 'a library reports through what its caller passes in',
    about: (path) => isShipped(path) && isCode(path),
    codeOnly: true,
  },
  {
    pattern: /(?<![\w.$})*:/-])\/(work|root|home)\//,
    message: 'names a place on one machine',
    about: () => true,
  },
]

const maySpell = /^tools\/tidy\/bans(\.test)?\.ts$/

function isComment(line: string): boolean {
  return /^\s*(\/\/|\/\*|\*)/.test(line)
}

function findingsOf(file: TextFile, ban: Ban): readonly Finding[] {
  const everywhere = new RegExp(ban.pattern, `g${ban.pattern.flags}`)
  const lines = file.text.split('\n')
  return [...file.text.matchAll(everywhere)]
    .map((match) => {
      // A pattern that begins with white space would otherwise point at the line before.
      const before = match[0].length - match[0].trimStart().length
      return { line: lineAt(file.text, match.index + before), text: match[0].trim() }
    })
    .filter(({ line }) => ban.codeOnly !== true || !isComment(lines[line - 1] ?? ''))
    .map(({ line, text }) => ({
      path: file.path,
      line,
      message: `"${text}": ${ban.message}`,
    }))
}

export function findBanned(files: readonly TextFile[]): readonly Finding[] {
  return files
    .filter((file) => !maySpell.test(file.path))
    .flatMap((file) =>
      bans.filter((ban) => ban.about(file.path)).flatMap((ban) => findingsOf(file, ban)),
    )
}
