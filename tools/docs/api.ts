/**
 * The reference of every public name, out of the doc comments of the built packages: `pnpm docs:api` writes it as Markdown, with
 * `--check` it is made and thrown away. Knows which entries people import; what they say stands in the sources.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { Application } from 'typedoc'

const top = resolve(import.meta.dirname, '../..')
/** What applications and their tests import; the other packages are inside of these. */
const folders = ['unanimous', 'react', 'playwright', 'signaling-server', 'node-peer']

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, string | { readonly types?: string }>>
}

/** The declarations of each public entry, by the name under which it is imported. */
function entries(): ReadonlyMap<string, string> {
  return new Map(
    folders.flatMap((folder) => {
      const home = join(top, 'packages', folder)
      const { name, exports } = JSON.parse(
        readFileSync(join(home, 'package.json'), 'utf8'),
      ) as Manifest
      return Object.entries(exports).flatMap(([path, target]) =>
        typeof target === 'string' || target.types === undefined
          ? []
          : [[name + path.slice(1), join(home, target.types)] as const],
      )
    }),
  )
}

/** False: something was wrong, and was said. */
async function writeReference(out: string): Promise<boolean> {
  const all = entries()
  const missing = [...all.values()].find((path) => !existsSync(path))
  if (missing !== undefined) {
    process.stderr.write(`${relative(top, missing)} is not built: run "pnpm types" first.\n`)
    return false
  }
  const application = await Application.bootstrapWithPlugins({
    name: 'Unanimous',
    entryPoints: [...all.values()],
    tsconfig: join(import.meta.dirname, 'tsconfig.api.json'),
    plugin: ['typedoc-plugin-markdown'],
    out,
    readme: 'none',
    disableSources: true,
    excludeExternals: true,
    // One page an entry: it is read, and searched, from top to bottom.
    ...{ outputFileStrategy: 'modules', hideBreadcrumbs: true, hidePageHeader: true },
    ...{ interfacePropertiesFormat: 'table', parametersFormat: 'table' },
    treatWarningsAsErrors: true,
    logLevel: 'Warn',
  })
  const project = await application.convert()
  if (project === undefined) return false
  // Typedoc names modules after their files.
  for (const [name, path] of all) {
    const file = relative(join(top, 'packages'), path).replace(/(\/index)?\.d\.ts$/, '')
    const module = project.children?.find((each) => each.name === file)
    if (module === undefined) throw new Error(`${file} is not in the reference`)
    module.name = name
  }
  application.validate(project)
  await application.generateOutputs(project)
  return !application.logger.hasErrors() && !application.logger.hasWarnings()
}

const isCheck = process.argv.includes('--check')
const place = isCheck ? mkdtempSync(join(tmpdir(), 'unanimous-api-')) : join(top, 'dist/api')
try {
  process.exitCode = (await writeReference(place)) ? 0 : 1
} finally {
  if (isCheck) rmSync(place, { recursive: true, force: true })
}
if (!isCheck && process.exitCode === 0) process.stdout.write(`${relative(top, place)}/README.md\n`)
