/**
 * The whole workspace as one TypeScript program that reads every package from its sources, with files that exist only here
 * beside the real ones. Knows modules and options; does not know what is asked of it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'

const sourceCondition = '@unanimous/source'

export interface WorkspaceFiles {
  readonly top: string
  /** Real files to begin with. */
  readonly roots: readonly string[]
  /** Files that exist only here: full path → text. */
  readonly virtual: ReadonlyMap<string, string>
}

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
}

/** A package of the workspace. */
interface Package {
  readonly folder: string
  readonly manifest: Manifest
}

export function packagesOf(top: string): readonly Package[] {
  return readdirSync(join(top, 'packages'))
    .map((name) => join(top, 'packages', name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest,
    }))
}

/** The sources of what users may import: every entry of a published package but `./internal`. */
export function publicEntries(top: string): readonly string[] {
  return packagesOf(top)
    .filter(({ manifest }) => manifest.private !== true)
    .flatMap(({ folder, manifest }) =>
      Object.entries(manifest.exports ?? {})
        .filter(([name]) => name !== './internal')
        .flatMap(([, target]) => (typeof target === 'string' ? [] : [target[sourceCondition]]))
        .filter((path) => path !== undefined)
        .map((path) => join(folder, path)),
    )
}

/** As strict as the workspace, but nothing is written and an example may leave a variable unused. */
function optionsOf(top: string): ts.CompilerOptions {
  const base = ts.readConfigFile(join(top, 'tsconfig.base.json'), (path) => ts.sys.readFile(path))
  const parsed = ts.parseJsonConfigFileContent(base.config, ts.sys, top)
  return {
    ...parsed.options,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
    types: ['node'],
    noEmit: true,
    composite: false,
    incremental: false,
    declaration: false,
    declarationMap: false,
    isolatedDeclarations: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    jsx: ts.JsxEmit.ReactJSX,
  }
}

/** `folder` can import the library of that name, or a part of it. */
function hasLibrary(folder: string, specifier: string): boolean {
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  return existsSync(join(folder, 'node_modules', name))
}

export function createWorkspaceProgram({ top, roots, virtual }: WorkspaceFiles): ts.Program {
  const options = optionsOf(top)
  const host = ts.createCompilerHost(options)
  const cache = ts.createModuleResolutionCache(top, (path) => path, options)
  const homes = packagesOf(top).map(({ folder, manifest }) => ({ name: manifest.name, folder }))

  /** An example may name any package: such a name is looked up from within that package itself, a library from whoever has it. */
  const lookFrom = (specifier: string, from: string): string => {
    if (!virtual.has(from) || specifier.startsWith('.')) return from
    const home =
      homes.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`)) ??
      [{ folder: top }, ...homes].find(({ folder }) => hasLibrary(folder, specifier))
    return home === undefined ? from : join(home.folder, 'from-outside.ts')
  }

  const virtualFolders = new Set([...virtual.keys()].map((path) => dirname(path)))
  const fileExists = host.fileExists.bind(host)
  const readFile = host.readFile.bind(host)
  const directoryExists = (path: string): boolean => ts.sys.directoryExists(path)
  host.fileExists = (path) => virtual.has(path) || fileExists(path)
  host.directoryExists = (path) => virtualFolders.has(path) || directoryExists(path)
  host.readFile = (path) => virtual.get(path) ?? readFile(path)
  host.resolveModuleNameLiterals = (...[literals, from, redirected, current, source]) =>
    literals.map((literal) =>
      ts.resolveModuleName(
        literal.text,
        lookFrom(literal.text, from),
        current,
        host,
        cache,
        redirected,
        // Everything of ours is a module of the newest kind; a library may be of an older one.
        from.includes('/node_modules/')
          ? ts.getModeForUsageLocation(source, literal, current)
          : ts.ModuleKind.ESNext,
      ),
    )
  return ts.createProgram({ rootNames: [...roots, ...virtual.keys()], options, host })
}
