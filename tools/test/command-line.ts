/** What the words after `pnpm test` mean. */
import type { Stage } from './stages.ts'

export type Request =
  | { readonly kind: 'run'; readonly stages: readonly Stage[] }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string }

/** No names: every stage. Named ones run in the order of cost, whatever the order of the names. */
export function readRequest(words: readonly string[], stages: readonly Stage[]): Request {
  // `pnpm test -- unit` hands the dashes on.
  const names = words.filter((word) => word !== '--')
  if (names.some((word) => word === '--help' || word === '-h')) return { kind: 'help' }
  const known = stages.map((stage) => stage.name)
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    const message = `There is no stage called ${unknown.join(', ')}; the stages are ${known.join(', ')}.`
    return { kind: 'wrong', message }
  }
  const wanted = stages.filter((stage) => names.length === 0 || names.includes(stage.name))
  return { kind: 'run', stages: wanted }
}

export function helpText(stages: readonly Stage[]): string {
  const rows = stages.map((stage) => `  ${stage.name.padEnd(10)}${stage.about}`)
  return [
    'usage: pnpm test [STAGE ...]',
    '',
    'Runs the named stages, or all of them, names what failed, and ends with one line: N passed, N failed.',
    'Exits with 1 if anything failed. A failing stage does not stop the later ones.',
    '',
    ...rows,
    '',
    'One file or folder alone: npx vitest run --project unit packages/core',
    'Another browser: CHROMIUM_PATH=/path/of/the/program pnpm test browser',
  ].join('\n')
}
