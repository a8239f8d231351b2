/** Draws a QR code as one path. The library that knows the code is fetched only when there is something to encode. */

/** One square a dark cell, as an SVG path in cells; neighbours of a row are joined, so that no seams show. */
export function pathOf(cells: readonly (readonly boolean[])[]): string {
  return cells
    .flatMap((row, y) => {
      const runs: string[] = []
      for (let x = 0; x < row.length; x += 1) {
        if (row[x] !== true) continue
        const start = x
        while (row[x + 1] === true) x += 1
        const width = x - start + 1
        runs.push(`M${start} ${y}h${width}v1h-${width}z`)
      }
      return runs
    })
    .join('')
}

const svg = 'http://www.w3.org/2000/svg'

/** Dark on light in every theme: cameras expect it. */
export async function drawQrCode(text: string, label: string): Promise<SVGSVGElement> {
  const { encode } = await import('uqr')
  const { data, size } = encode(text, { border: 4 })
  const drawing = document.createElementNS(svg, 'svg')
  drawing.setAttribute('viewBox', `0 0 ${size} ${size}`)
  drawing.setAttribute('role', 'img')
  drawing.setAttribute('aria-label', label)
  const ground = document.createElementNS(svg, 'rect')
  ground.setAttribute('width', String(size))
  ground.setAttribute('height', String(size))
  ground.setAttribute('fill', '#fff')
  const path = document.createElementNS(svg, 'path')
  path.setAttribute('d', pathOf(data))
  path.setAttribute('fill', '#111')
  drawing.append(ground, path)
  return drawing
}
