/** The comparison as a document. Knows Markdown, not how anything was measured. */
import { protocols, titleOf } from '../scenario/protocol.ts'
import type { Cell, Row } from './summary.ts'
import { isDead } from './summary.ts'

function figuresOf(row: Row, cell: Cell | undefined): string {
  if (cell === undefined) return '–'
  const share = cell[row.share]
  if (cell.violations > 0) return `VIOLATED ${cell.violations}×`
  if (isDead(share)) return 'dead'
  const stall = row.share === 'committed' ? (cell.stallMs / 1000).toFixed(1) : '–'
  // Not rounded up: 100 means that nothing is missing.
  const percent = share >= 100 ? '100' : (Math.floor(share * 10) / 10).toFixed(1)
  return `${percent} / ${stall} / ${cell.changes}`
}

/** Padded as formatters pad it, so that a formatted document is one that was just made. */
function tableOf(head: readonly string[], body: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((title, at) =>
    Math.max(3, title.length, ...body.map((cells) => (cells[at] ?? '').length)),
  )
  const lineOf = (cells: readonly string[]): string =>
    `| ${widths.map((width, at) => (cells[at] ?? '').padEnd(width)).join(' | ')} |`
  return [lineOf(head), lineOf(widths.map((width) => '-'.repeat(width))), ...body.map(lineOf)]
}

/** What the table has no room for: which ways messages take, and where leadership ends up. */
function waysOf(rows: readonly Row[]): readonly string[] {
  const head = ['Row', 'Links a message', 'Relays off', 'Leads last', 'Hand-overs']
  const body = rows.map(({ name, cells }) => {
    const [cell, direct] = [cells.get('unanimous'), cells.get('unanimous-direct')]
    return [
      name,
      cell?.hops.toFixed(2) ?? '–',
      direct?.hops.toFixed(2) ?? '–',
      cell?.leaders.join(', ') ?? '–',
      String(cell?.handovers ?? '–'),
    ]
  })
  return tableOf(head, body)
}

export interface Making {
  readonly seeds: number
  readonly picture: string
}

export function documentOf(rows: readonly Row[], { seeds, picture }: Making): string {
  const head = ['Row', 'Network', ...protocols.map((protocol) => titleOf[protocol])]
  const body = rows.map((row) => [
    row.awaits.length > 0 ? `${row.name}\\*` : row.name,
    row.about,
    ...protocols.map((protocol) => figuresOf(row, row.cells.get(protocol))),
  ])
  const waiting = rows
    .filter(({ awaits }) => awaits.length > 0)
    .map(({ name, awaits }) => `- ${name}: ${awaits.join('; ')}`)
  return [
    '# The comparison',
    '',
    'Made by `npx -y pnpm sim table`; do not edit. Each cell: percent of the 100 ms windows in which something was decided, after',
    'the settle time of its row / longest time in seconds with nothing decided / unplanned leader changes, both from time 0.',
    `Medians over ${seeds} seeds. "dead": less than one window in twenty. In T2 hardly anybody proposes, so the share there is that`,
    'of proposals that were answered. Settings, sources and what to make of it: [the baselines](./baselines.md).',
    '',
    `![Share of windows with a decision, by row and protocol](${picture})`,
    '',
    ...tableOf(head, body),
    '',
    ...(waiting.length === 0
      ? []
      : [
          '\\* Some of what is expected of Unanimous in this row waits for what it does not have yet:',
          '',
          ...waiting,
          '',
        ]),
    '## Ways and leaders',
    '',
    'How many links a message of Unanimous takes on its way to whom it is for, beacons left out; who leads at the end of each of the',
    'runs, and how often leadership was handed over on purpose. In QL a star is left over, and its hub, a, ends up leading.',
    '',
    ...waysOf(rows),
    '',
  ].join('\n')
}
