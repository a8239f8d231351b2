/** The comparison as a picture: a bar a cell, readable on light and on dark. Knows SVG, not how anything was measured. */
import { protocols, titleOf } from '../scenario/protocol.ts'
import type { Row } from './summary.ts'
import { isDead } from './summary.ts'

const rowHeight = 24
const nameWidth = 56
const columnWidth = 168
const barWidth = 112
const headHeight = 48

const style = `
  .page { fill: #ffffff }
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .head { font-weight: 600 }
  .track { fill: #d0d7de }
  .bar { fill: #0969da }
  .low { fill: #bf8700 }
  .dead { fill: #cf222e; font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 }
    text { fill: #e6edf3 }
    .track { fill: #30363d }
    .bar { fill: #4493f8 }
    .low { fill: #d29922 }
    .dead { fill: #f85149 }
  }
`

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

function cellOf(share: number, x: number, y: number): string {
  const track = `<rect class="track" x="${x}" y="${y - 9}" width="${barWidth}" height="10" rx="2"/>`
  const label = x + barWidth + 8
  if (isDead(share)) return `${track}<text class="dead" x="${label}" y="${y}">dead</text>`
  const width = Math.round((barWidth * share) / 100)
  const kind = share < 90 ? 'bar low' : 'bar'
  const bar = `<rect class="${kind}" x="${x}" y="${y - 9}" width="${width}" height="10" rx="2"/>`
  return `${track}${bar}<text x="${label}" y="${y}">${Math.floor(share)}</text>`
}

/** A long title on two lines. */
function headOf(title: string, x: number): string {
  const words = title.split(' ')
  const half = Math.ceil(words.length / 2)
  const lines = title.length > 18 ? [words.slice(0, half), words.slice(half)] : [words]
  return lines
    .map(
      (line, at) =>
        `<text class="head" x="${x}" y="${16 + at * 15}">${escape(line.join(' '))}</text>`,
    )
    .join('')
}

export function pictureOf(rows: readonly Row[]): string {
  const width = nameWidth + protocols.length * columnWidth
  const height = headHeight + rows.length * rowHeight + 8
  const columnOf = (at: number): number => nameWidth + at * columnWidth
  const head = protocols.map((protocol, at) => headOf(titleOf[protocol], columnOf(at)))
  const body = rows.map((row, line) => {
    const y = headHeight + line * rowHeight + 14
    const cells = protocols.map((protocol, at) => {
      const cell = row.cells.get(protocol)
      return cell === undefined ? '' : cellOf(cell[row.share], columnOf(at), y)
    })
    return `<text class="head" x="8" y="${y}">${escape(row.name)}${row.awaits.length > 0 ? '*' : ''}</text>${cells.join('')}`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    '<title>Percent of 100 ms windows in which something was decided, by network and protocol</title>',
    `<style>${style}</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...head,
    ...body,
    '</svg>',
    '',
  ].join('\n')
}
