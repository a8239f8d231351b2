/** Loads the simulator with one rule of the core switched off, beside the whole one. Knows Vite; knows no rule. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plugin } from 'vite'
import { createServer, defaultServerConditions } from 'vite'
import type * as hunting from '../../src/hunt.ts'
import type { Control, Edit } from './control.ts'

const top = resolve(import.meta.dirname, '../../../..')
const sources = join(top, 'packages/core/src')

/** Runs `work` with the hunters of a build without the rule. */
export async function without<T>(
  control: Control,
  work: (hunters: typeof hunting) => T,
): Promise<T> {
  const server = await createServer({
    configFile: false,
    root: top,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, ws: false, hmr: false, watch: null },
    ssr: { resolve: { conditions: ['@unanimous/source', ...defaultServerConditions] } },
    plugins: [mutating(control)],
  })
  try {
    const hunters = await server.ssrLoadModule('/packages/simulator/src/hunt.ts')
    return work(hunters as typeof hunting)
  } finally {
    await server.close()
  }
}

function mutating({ edits }: Control): Plugin {
  const texts = new Map(edits.map(({ file }) => [join(sources, file), edited(file, edits)]))
  return {
    name: 'rule-off',
    enforce: 'pre',
    load: (id) => texts.get(id),
  }
}

/** Throws for a text that is not there exactly once: the rule has moved, and the control would prove nothing. */
export function edited(file: string, edits: readonly Edit[]): string {
  let text = readFileSync(join(sources, file), 'utf8')
  for (const edit of edits) {
    if (edit.file !== file) continue
    const parts = text.split(edit.from)
    if (parts.length !== 2) {
      throw new Error(`${file} holds ${parts.length - 1} times, not once: ${edit.from}`)
    }
    text = parts.join(edit.to)
  }
  return text
}
