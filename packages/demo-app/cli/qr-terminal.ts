/** A QR code in a terminal, dark on light whatever the terminal's own colours are: cameras expect it. */
import { encode } from 'uqr'

const darkOnLight = '\u001b[38;5;16;48;5;231m'
const usual = '\u001b[0m'
/** By what is dark: neither, the upper, the lower, both cells of a character. */
const halves = [' ', '▀', '▄', '█']

/** Two rows of cells a line. */
export function terminalQrCode(text: string): string {
  const { data, size } = encode(text, { border: 2 })
  const dark = (x: number, y: number): number => (data[y]?.[x] === true ? 1 : 0)
  const lines = Array.from({ length: Math.ceil(size / 2) }, (_, line) => {
    const cells = Array.from(
      { length: size },
      (_, x) => halves[dark(x, 2 * line) + 2 * dark(x, 2 * line + 1)] ?? ' ',
    )
    return `  ${darkOnLight}${cells.join('')}${usual}`
  })
  return `${lines.join('\n')}\n`
}
